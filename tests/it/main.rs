//! Everything that is tested from outside, in one program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail where it stands")]

// Helpers: no tests in here.
mod support;

// Names and numbers of the protocol, compared with a table.
mod proto_table;
// The process as Terraform sees it before any provider call: cookie, line, TLS, socket, signals.
mod handshake;
// Random values through both encodings.
mod codecs;
// Random plans against Terraform core's own checks.
mod plan_rules;
// The resource through its whole life, in virtual time.
mod lifecycle;
// The data sources, in virtual time and with a real terraform.
mod data_sources;
// The provider's RPCs on the wire, against the simulator.
mod rpc;
// The provider block: credentials, connections, accounts, every argument and its environment variable.
mod provider_block;
// The simulator, asked by independent clients.
mod simulator;
// The whole way: a real terraform, the built provider, the simulator.
mod acceptance;
// The same on every Terraform there is, and what only the newer ones can do.
mod acceptance_cores;
// Into a mirror, and found there.
mod install;
// The order of the rooms.
mod tidy;
// The demonstration, run to its end.
mod conformance;
mod command_line;
mod demo;
// What a user reads when something goes wrong.
mod messages;
