use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::terraform::{ADDRESS, Terraform, brisk, standby};

/// A standby that Terraform makes while the page is open shows there without a reload; the page fits
/// 360 pixels, follows the dark setting and works without JavaScript. `UPDATE=1` keeps the picture
/// for the documentation.
///
/// # Panics
/// Chromium, chromedriver or Python is missing. `.ci/run` installs them.
#[test]
fn the_page_shows_what_terraform_makes_in_the_meantime() {
    let Some(terraform) = Terraform::start(brisk()) else { return };
    let docs = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/simulator.png"));
    let is_kept = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let picture = if is_kept { docs } else { terraform.path("page.png") };
    let mut browser = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/acceptance/page.py"))
        .arg(terraform.url())
        .arg(&picture)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed");
    let mut told = BufReader::new(browser.stdout.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert_eq!(
        line, "loaded\n",
        "this test needs Chromium and chromedriver: apt-get install chromium chromium-driver"
    );
    terraform.configure(&standby(
        "data_replication = \"PRIMARY_AS_SOURCE\"\n  tags = { Team = \"desks\" }",
    ));
    terraform.apply();
    let id = terraform.attributes(ADDRESS)["id"].as_str().unwrap().to_owned();
    writeln!(browser.stdin.take().unwrap(), "{id}").unwrap();
    assert!(browser.wait().unwrap().success());
    assert!(picture.metadata().unwrap().len() > 10_000, "the picture shows something");
}
