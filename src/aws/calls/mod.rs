//! How a call travels to AWS.
//!
//! ```text
//! many callers      each submits one item and waits for its own answer
//!      |
//!   batch           collects the items of one moment into one call; `in_flight` tells it when no
//!      |            other operation can join
//!   send            repeats the call while AWS throttles it
//!      |
//!   limiter         a permit for each attempt, in order, at the rate that AWS allows
//!      |
//!   AWS SDK         signs the attempt, sends it, and retries what failed on the way
//!      |
//!   answers         gives each item its own part of the answer
//! ```
//!
//! `withdraw` takes requests back that were not sent before a stop. `poll` repeats look-ups for all callers that wait for something; they travel the same way.
//! Nothing here knows what a WorkSpace is.

pub(in crate::aws) mod answers;
pub(in crate::aws) mod batch;
pub(in crate::aws) mod in_flight;
pub(in crate::aws) mod limiter;
mod log;
pub(in crate::aws) mod poll;
pub(in crate::aws) mod send;
pub(in crate::aws) mod withdraw;
