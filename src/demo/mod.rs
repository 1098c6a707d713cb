//! A demo that needs no preparation: `terraform` creates, updates and destroys standby WorkSpaces in
//! the simulator, and the demo explains and checks each step.
//!
//! [`run()`] starts the simulator in this process, creates a working directory and finds `terraform`
//! on the PATH. If there is none, `offer` asks whether to download it, and `package` does. `steps` has the steps and their checks. `terraform` runs a command and shows its
//! output. `simulator` reads and changes the simulator. `directory` writes the files. `output` writes
//! to standard output.

mod directory;
mod error;
mod offer;
mod output;
pub mod package;
mod run;
mod simulator;
mod steps;
mod stop;
mod terraform;

pub use error::Error;
pub use run::{Options, run};
pub use stop::stop_requested;
