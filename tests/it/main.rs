//! Everything that is tested from outside and without Terraform, in one program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail where it stands")]

// Helpers: no tests in here.
mod support;

// Names and numbers of the protocol, compared with a table.
mod proto_table;
// The process as Terraform sees it before any provider call: cookie, line, TLS, socket, signals.
mod handshake;
// Random values through both encodings.
mod codecs;
// Bytes of others, at every place that reads them.
mod fuzz;
// Random plans against Terraform core's own checks.
mod plan_rules;
// The resource through its whole life, in virtual time.
mod lifecycle;
// The data sources, in virtual time.
mod data_sources;
// Connection aliases, their associations and permissions, in virtual time.
mod connection_aliases;
// The actions, in virtual time.
mod actions;
// The provider's RPCs on the wire, against the simulator.
mod rpc;
// The provider block: credentials, connections, accounts, every argument and its environment variable.
mod provider_block;
// The simulator, asked by independent clients.
mod simulator;
// Into a mirror.
mod install;
// The order of the rooms.
mod tidy;
// The statements of the protocol, and the tests that hold each.
mod conformance;
// The program in the hands of a person.
mod command_line;
// What a user reads when something goes wrong.
mod messages;
// The licenses in a release.
mod notices;
// The pages of the registry, and what they are generated from.
mod documentation;
