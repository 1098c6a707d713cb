//! The main job with nothing to prepare: a standby WorkSpace is planned, made, changed, lost and
//! removed by a real `terraform`, against the simulator, while each step is told.
//!
//! [`run()`] sets the stage: the simulator in this process, a working folder, the program of the PATH.
//! `story` holds the steps and what has to hold after each; `terraform` runs one command and passes
//! its output on; `cloud` looks at the simulator from behind; `folder` writes the files; `narrator`
//! writes to standard output.

mod cloud;
mod error;
mod folder;
mod narrator;
mod run;
mod stop;
mod story;
mod terraform;

pub use error::Error;
pub use run::{Options, run};
pub use stop::stop_asked_for;
