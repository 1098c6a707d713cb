//! The resource through its whole life, over the real AWS SDK, the simulated account and virtual
//! time: hours pass in milliseconds, and no socket is opened.

mod adopt;
mod batching;
mod calls;
mod create;
mod creating_together;
mod delete;
mod foreign_answers;
mod lost_answers;
mod many_imports;
mod never_sent;
mod preflight;
mod read;
mod read_ahead;
mod plans;
mod refusals;
mod stop;
mod tagging;
mod throttling;
mod timeouts;
mod tags;
mod tags_beside;
mod update;
