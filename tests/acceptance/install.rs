//! `terraform init` finds what `install` has put into the user's mirror.

use std::fs;
use std::process::Command;

use crate::support::program::PROGRAM;
use crate::support::terraform::{Running, is_wanted};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn terraform_init_finds_it_without_a_registry() {
    if !is_wanted() {
        return;
    }
    let folder = tempfile::Builder::new().prefix("tf").tempdir_in("/tmp").unwrap();
    let home = folder.path();
    let output =
        Command::new(PROGRAM).arg("install").env_clear().env("HOME", home).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    // What it says to put into a configuration is a configuration.
    let told = text(&output.stdout);
    let block = &told[told.find("terraform {").expect("it shows a configuration")..];
    let resource = r#"
resource "aws_workspaces_standby" "desk" {
  provider             = aws-workspaces
  primary_workspace_id = "ws-0primary1"
  primary_region       = "us-east-1"
  directory_id         = "d-92672f1b01"
  region               = "us-west-2"
}
"#;
    fs::write(home.join("main.tf"), format!("{block}\n{resource}")).unwrap();
    // Nobody answers at the proxy, so a registry that was asked would be an error.
    let nowhere = [("HTTPS_PROXY".to_owned(), "http://127.0.0.1:9".to_owned())];
    let terraform = |arguments: &[&str]| Running::start(home, &nowhere, arguments).finish();
    terraform(&["init", "-no-color", "-input=false"])
        .succeeded()
        .says(&[&format!("Installed workspaces-dr/aws-workspaces v{VERSION} (unauthenticated)")]);
    terraform(&["validate", "-no-color"]).succeeded().says(&["The configuration is valid"]);
}
