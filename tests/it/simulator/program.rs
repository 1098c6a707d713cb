use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::program::PROGRAM;

/// The longest that a test waits for something of the program, which takes milliseconds if it comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program with `simulate`, ended when this is dropped.
struct Simulation {
    child: Child,
    url: String,
    /// The lines of standard error.
    log: mpsc::Receiver<String>,
}

impl Simulation {
    fn start(arguments: &[&str]) -> Self {
        Self::start_by(Command::new(PROGRAM), arguments)
    }

    /// Started by a command that runs the program with the arguments that it is given.
    fn start_by(mut command: Command, arguments: &[&str]) -> Self {
        let mut child = command
            .args(["simulate", "--listen", "localhost:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program is built");
        let stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let lines = stdout.lines().map_while(Result::ok);
        let mut words =
            lines.flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let url = words.find(|word| word.starts_with("http://")).expect("it says where it is");
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let (lines, log) = mpsc::channel();
        thread::spawn(move || {
            stderr.lines().map_while(Result::ok).try_for_each(|line| lines.send(line))
        });
        Self { child, url, log }
    }

    /// An answer to a request without a signature.
    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"))
    }

    fn send(&self, request: &str) -> String {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("it is not zero");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// The next line of the log.
    fn logged(&self) -> String {
        self.log.recv_timeout(PATIENCE).expect("a line")
    }
}

impl Drop for Simulation {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Without a free descriptor no connection can be accepted, and each attempt fails at once.
#[test]
fn without_free_descriptors_it_waits_and_then_serves_again() {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 24 && exec \"$0\" \"$@\"", PROGRAM]);
    let simulation = Simulation::start_by(limited, &["--quiet"]);
    let address = simulation.url.trim_start_matches("http://").to_owned();
    let silent: Vec<TcpStream> =
        (0..40).map(|_| TcpStream::connect(&address).expect("it waits in the queue")).collect();
    let descriptors = format!("/proc/{}/fd", simulation.child.id());
    // Where the system has no such directory, the other half of the test is left.
    let began = Instant::now();
    while std::fs::read_dir(&descriptors).is_ok_and(|entries| entries.count() < 24) {
        assert!(began.elapsed() < PATIENCE, "it does not take the connections");
        thread::sleep(Duration::from_millis(1));
    }
    let before = processor_time(&simulation);
    thread::sleep(Duration::from_secs(1));
    let spent = processor_time(&simulation) - before;
    assert!(spent < 20, "{spent} hundredths of a second in one second");
    drop(silent);
    assert!(simulation.get("/_simulator/health").contains("running"));
}

/// In hundredths of a second; zero where the system does not say.
fn processor_time(simulation: &Simulation) -> u64 {
    let file = format!("/proc/{}/stat", simulation.child.id());
    let text = std::fs::read_to_string(file).unwrap_or_default();
    // The name before the parenthesis can have spaces.
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}

const UNSIGNED: &str = "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
    x-amz-target: WorkspacesService.DescribeWorkspaces\r\ncontent-length: 2\r\n\r\n{}";

#[test]
fn each_call_is_a_line_of_the_log() {
    let simulation = Simulation::start(&["--quiet", "--log", "json"]);
    simulation.send(UNSIGNED);
    let line: serde_json::Value = serde_json::from_str(&simulation.logged()).expect("JSON");
    assert_eq!(line["Outcome"], "MissingAuthenticationTokenException");
    let simulation = Simulation::start(&[]);
    simulation.send(UNSIGNED);
    let line = simulation.logged();
    assert!(line.contains(" - - - - MissingAuthenticationTokenException "), "{line}");
    assert!(line.ends_with(" ms"), "{line}");
}

#[test]
fn tools_that_probe_localstack_are_answered() {
    let simulation = Simulation::start(&["--quiet"]);
    let answer = simulation.get("/_localstack/health");
    assert!(answer.contains("\"workspaces\": \"running\""), "{answer}");
    assert!(simulation.get("/_simulator/health").contains("running"));
    assert!(simulation.get("/anything").contains("GET /_simulator/health"));
}

#[test]
fn help_lists_the_operations_and_kinds_of_faults() {
    let output = Command::new(PROGRAM).args(["simulate", "--help"]).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    for part in ["circular-pages", "AssociateConnectionAlias", "AssumeRole"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
