//! The guides under `docs/guides/`, followed to the letter: the files that a guide shows are written,
//! and its commands are run in order, with the built program and the simulator that the guide starts.
//!
//! An HTML comment before a fenced block says what becomes of it, and the registry does not show it:
//! `<!-- file: NAME -->` writes it to a file, `<!-- run -->` runs it, `<!-- run: fails -->` runs it and
//! expects a failure, `<!-- run: background -->` runs it until the end of the guide,
//! `<!-- run: workflow -->` runs the steps of a workflow after what runs in the background has ended, and
//! `<!-- run: with regopy -->` runs it where Python's regopy can be downloaded.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::program::PROGRAM;
use crate::support::terraform::{SOURCE, is_wanted, path};

/// Where the guides let the simulator listen. Each guide gets a free port of its own instead.
const SIMULATOR: &str = "127.0.0.1:4566";

/// What becomes of a fenced block.
enum Step {
    File(String),
    Run,
    Fails,
    Background,
    Workflow,
}

/// The marked blocks of a guide, in order.
fn steps(guide: &str) -> Vec<(Step, String)> {
    let mut steps = Vec::new();
    for part in guide.split("<!-- ").skip(1) {
        let (marker, rest) = part.split_once(" -->\n").expect("a whole comment");
        let step = match marker {
            "run" => Step::Run,
            "run: fails" => Step::Fails,
            "run: background" => Step::Background,
            "run: workflow" => Step::Workflow,
            "run: with regopy" if regopy().is_some() => Step::Run,
            "run: with regopy" => continue,
            _ => Step::File(marker.strip_prefix("file: ").expect("a known marker").to_owned()),
        };
        let block = rest.trim_start().strip_prefix("```").expect("a fenced block");
        let (_, block) = block.split_once('\n').unwrap();
        steps.push((step, block.split_once("```").unwrap().0.to_owned()));
    }
    steps
}

/// A folder with Python's `regopy`, which evaluates Rego. It is downloaded on first use. Where it cannot
/// be, what needs it is left out, and this says so.
#[expect(clippy::print_stdout, reason = "a test that is left out must say so")]
fn regopy() -> Option<PathBuf> {
    let folder = path::downloads().join("regopy-1.5.2");
    if folder.exists() {
        return Some(folder);
    }
    fs::create_dir_all(path::downloads()).unwrap();
    let new = tempfile::tempdir_in(path::downloads()).unwrap();
    let installed = Command::new("python3")
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"])
        .args(["regopy==1.5.2", "--target"])
        .arg(new.path().join("regopy"))
        .env("PIP_ROOT_USER_ACTION", "ignore")
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        println!("left out: the policies in Rego, because regopy cannot be downloaded");
        return None;
    }
    fs::rename(new.path().join("regopy"), &folder).unwrap();
    Some(folder)
}

/// The blocks as one script, so that variables stay set from one block to the next.
fn script(steps: &[(Step, String)]) -> String {
    let mut script =
        "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n".to_owned();
    for (step, block) in steps {
        let _ = match step {
            Step::File(name) => write!(
                script,
                "mkdir -p \"$(dirname {name})\"\ncat > {name} <<'END_OF_FILE'\n{block}END_OF_FILE\n"
            ),
            Step::Run => write!(script, "set -x\n{block}{{ set +x; }} 2>/dev/null\n"),
            Step::Fails => write!(
                script,
                "cat > failing.sh <<'END_OF_FILE'\n{block}END_OF_FILE\n\
                 if bash -eux failing.sh; then echo 'this was to fail'; exit 1; fi\n"
            ),
            Step::Background => write!(
                script,
                "{} > background.log 2>&1 &\n\
                 for _ in $(seq 200); do\n  \
                 if (exec 3<>/dev/tcp/127.0.0.1/$PORT) 2>/dev/null; then break; fi\n  sleep 0.05\ndone\n\
                 kill -0 $! || {{ cat background.log; exit 1; }}\n",
                block.trim_end()
            ),
            // The runner starts with a clean folder and without the simulator.
            Step::Workflow => write!(
                script,
                "kill $(jobs -p)\nwait\nrm -rf .terraform .terraform.lock.hcl\nset -x\n{}{{ set +x; }} \
                 2>/dev/null\n",
                commands(block)
            ),
        };
    }
    script
}

/// The commands of a workflow of GitHub Actions: what follows `run:`, in the same line or indented
/// below.
fn commands(workflow: &str) -> String {
    let mut commands = String::new();
    let mut block_of = None;
    for line in workflow.lines() {
        let indent = line.len() - line.trim_start().len();
        if block_of.is_some_and(|outer| indent > outer) {
            commands.push_str(&format!("{}\n", line.trim_start()));
            continue;
        }
        block_of = None;
        match line.trim_start().trim_start_matches("- ").strip_prefix("run: ") {
            Some("|") => block_of = Some(indent),
            Some(command) => commands.push_str(&format!("{command}\n")),
            None => {}
        }
    }
    commands
}

/// Follows a guide and returns the number of its steps, or what went wrong.
fn follow(path: &Path, port: u16) -> Result<usize, String> {
    let guide = fs::read_to_string(path).unwrap();
    let steps = steps(&guide.replace(SIMULATOR, &format!("127.0.0.1:{port}")));
    if steps.is_empty() {
        return Ok(0);
    }
    let home = tempfile::Builder::new().prefix("guide").tempdir_in("/tmp").unwrap();
    // As `install` does, without copying the program for each guide.
    let version = env!("CARGO_PKG_VERSION");
    let package = home.path().join(format!(
        ".terraform.d/plugins/registry.terraform.io/{SOURCE}/{version}/{}",
        platform()
    ));
    fs::create_dir_all(&package).unwrap();
    let name = Path::new(PROGRAM).file_name().unwrap().to_str().unwrap();
    symlink(PROGRAM, package.join(format!("{name}_v{version}"))).unwrap();
    let work = home.path().join("work");
    fs::create_dir(&work).unwrap();
    fs::write(home.path().join("guide.sh"), script(&steps)).unwrap();
    let programs = Path::new(PROGRAM).parent().unwrap().to_str().unwrap();
    let output = Command::new("timeout")
        .args(["300", "bash", "../guide.sh"])
        .current_dir(&work)
        .env_clear()
        .env("PATH", format!("{programs}:{}", path::path().to_str().unwrap()))
        .env("HOME", home.path())
        .env("PORT", port.to_string())
        .env("PYTHONPATH", path::downloads().join("regopy-1.5.2"))
        .env("CHECKPOINT_DISABLE", "1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("TF_CLI_ARGS", "-no-color")
        .env("TF_CLI_ARGS_apply", "-auto-approve -input=false")
        .env("TF_CLI_ARGS_destroy", "-auto-approve -input=false")
        .output()
        .unwrap();
    if !output.status.success() {
        let [stdout, stderr] =
            [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
        return Err(format!("{} ({}):\n{stdout}\n{stderr}", path.display(), output.status));
    }
    Ok(steps.len())
}

/// The platform in the naming of Terraform.
fn platform() -> String {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" };
    let os = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    format!("{os}_{architecture}")
}

#[test]
#[expect(clippy::print_stderr, reason = "what a guide printed is more than one line of a panic")]
fn every_command_in_a_guide_works() {
    if !is_wanted() {
        return;
    }
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    let mut names: Vec<_> =
        fs::read_dir(guides).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    // All at the same time, so that no two are the same.
    let listeners: Vec<_> =
        names.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let ports: Vec<_> = listeners.iter().map(|each| each.local_addr().unwrap().port()).collect();
    drop(listeners);
    let results: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let guides = names.iter().zip(ports);
        let running: Vec<_> =
            guides.map(|(path, port)| scope.spawn(move || follow(path, port))).collect();
        running.into_iter().map(|guide| guide.join().unwrap()).collect()
    });
    let failed: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    for failure in &failed {
        eprintln!("{failure}");
    }
    assert!(failed.is_empty(), "{} guides fail", failed.len());
    let counts: Vec<usize> = results.into_iter().flatten().collect();
    let followed = counts.iter().filter(|count| **count > 0).count();
    assert!(followed >= 5, "only {followed} guides have commands that are run");
}
