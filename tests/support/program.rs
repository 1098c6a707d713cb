//! The program under test.

/// Where Cargo has built it.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-aws-workspaces");
