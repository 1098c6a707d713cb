//! Parses the command line, runs the command, and sets the exit code.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::process::exit;
use std::sync::Arc;

use clap::{CommandFactory, Parser, Subcommand};
use terraform_provider_aws_workspaces::plugin::{self, Plugin};
use terraform_provider_aws_workspaces::provider::{self, Clock, Provider};
use terraform_provider_aws_workspaces::{demo, generate, install, rpc, sim};
use tokio::runtime::{Builder, Runtime};

/// Terraform provider for Amazon WorkSpaces standby desktops.
///
/// Terraform starts this program. You can also run one of the following commands.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Start the provider on a private socket, and print the environment variable that attaches
    /// Terraform to it
    #[arg(long)]
    debug: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Simulate the Amazon WorkSpaces API on a loopback address, without an AWS account
    Simulate(Box<sim::Options>),
    /// Run Terraform against the simulator: plan, apply, update, drift and destroy
    Demo(demo::Options),
    /// Install this program where `terraform init` finds it without a registry
    Install(install::Options),
    /// Generate documentation pages, shell completions and the man page
    #[command(hide = true)]
    Generate(generate::Options),
}

fn main() {
    let result = run();
    if let Err(error) = &result
        && !is_closed_output(error.as_ref())
    {
        print_stderr(&format!("Error: {}\n", error_chain(error.as_ref())));
    }
    // Returning would drop the runtime, which waits for blocked threads.
    exit(result.unwrap_or(1));
}

/// Runs the command and returns the exit code.
fn run() -> Result<i32, Box<dyn Error>> {
    // The provider uses no variable that is not Unicode.
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    plugin::panics::install();
    // Terraform starts the provider several times per run, without arguments. Not building the
    // command-line parser saves time.
    let no_arguments = std::env::args_os().len() <= 1;
    if no_arguments && plugin::handshake::started_by_terraform(&environment) {
        plugin::log::install(&environment, provider::hide_secrets);
        block_on(serve(&environment, false))?;
        return Ok(0);
    }
    let arguments = Arguments::parse();
    match arguments.command {
        Some(Command::Simulate(options)) => block_on(simulate(*options))?,
        Some(Command::Demo(options)) => {
            let program = std::env::current_exe()?;
            return block_on(demo::run(&options, &program, &environment));
        }
        Some(Command::Install(options)) => {
            let program = std::env::current_exe()?;
            let summary = install::run(&options, &program, &environment)?;
            writeln!(io::stdout(), "{summary}")?;
        }
        Some(Command::Generate(options)) => {
            generate::run(&options, Arguments::command(), &mut io::stdout())?;
        }
        None if arguments.debug => {
            plugin::log::install(&environment, provider::hide_secrets);
            block_on(serve(&environment, true))?;
        }
        None => {
            print_stderr(&format!(
                "This program is a Terraform provider. Terraform starts it; you do not need to run it.\n\n{}",
                Arguments::command().render_help()
            ));
            return Ok(1);
        }
    }
    Ok(0)
}

/// Serves the provider to Terraform.
async fn serve(environment: &BTreeMap<String, String>, debug: bool) -> Result<(), Box<dyn Error>> {
    let clock = Clock::starting_at(jiff::Timestamp::now());
    let provider = Provider::new(environment.clone(), clock, None);
    let (service, drain) = rpc::service(Arc::new(provider));
    let plugin = Plugin {
        provider_address: provider::ADDRESS,
        environment,
        routes: tonic::service::Routes::new(service),
        drain: Box::pin(drain),
    };
    let served =
        if debug { plugin::serve_debug(plugin).await } else { plugin::serve(plugin).await };
    provider::end_programs();
    Ok(served?)
}

/// Serves the simulator until Ctrl-C or SIGTERM.
async fn simulate(options: sim::Options) -> Result<(), Box<dyn Error>> {
    let simulator = sim::Simulator::new(options.settings()?)?;
    let tls = options.tls();
    let listening =
        sim::listen_for(simulator.clone(), options.listen, tls, &options.allow_host).await?;
    // Before anybody knows the address, so that the first call is logged.
    let log = sim::write_log(&simulator, options.log, io::stderr());
    let mut stdout = io::stdout();
    match options.quiet {
        true => writeln!(stdout, "{}", listening.url())?,
        false => write!(stdout, "{}", sim::banner(&simulator, &listening, &options))?,
    }
    stdout.flush()?;
    tokio::spawn(log);
    listening.serve(demo::stop_requested()).await;
    Ok(())
}

fn block_on<T, E: Into<Box<dyn Error>>>(
    future: impl Future<Output = Result<T, E>>,
) -> Result<T, Box<dyn Error>> {
    let runtime: Runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(future).map_err(Into::into);
    // Do not wait for tasks that are still running: the process exits now.
    runtime.shutdown_background();
    result
}

/// Whether the output was closed, as with `| head`. That is not worth an error message.
fn is_closed_output(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&cause| cause.source())
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// An error and its causes in one line.
fn error_chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Writes to standard error, which may be closed.
fn print_stderr(text: &str) {
    let _closed = io::stderr().lock().write_all(text.as_bytes());
}
