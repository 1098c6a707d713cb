//! The licenses that a release has to contain.

use std::process::Command;

#[test]
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
fn everything_that_is_compiled_into_the_program_is_listed_with_its_license() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/notices");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        println!("left out: python3 is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8(output.stdout).unwrap();
    let (list, texts) = told.split_once("\n====").expect("a list and texts");
    for (name, is_listed) in [
        ("tokio", true),
        ("aws-sdk-workspaces", true),
        ("aws-lc-sys", true),
        // Only for building and testing.
        ("protox", false),
        ("expect-test", false),
        ("terraform-provider-aws-workspaces", false),
    ] {
        assert_eq!(list.contains(&format!("\n  {name} ")), is_listed, "{name}");
    }
    for text in ["Apache License", "WITHOUT WARRANTY OF ANY KIND", "OpenSSL"] {
        assert!(texts.contains(text), "{text}");
    }
}
