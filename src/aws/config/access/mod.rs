//! How to reach AWS, resolved once: the provider block, the environment and the shared files become
//! one [`Access`](resolve::Access), by functions without side effects.
//!
//! The AWS SDK is given what is in there. It reads neither the environment nor a file by itself, so
//! that what is checked is what is used, and every error names the source to blame.
//!
//! - `source` is where a value comes from.
//! - `ini` reads the text of a shared file, as the AWS SDK for Go does.
//! - `profiles` merges the shared files.
//! - `endpoints` is the address of each service.
//! - `problem` is a value that cannot be used.
//! - `identity` is where credentials come from.
//! - `resolve` puts all of it together.

pub(in crate::aws) mod endpoints;
pub(in crate::aws) mod identity;
pub(in crate::aws) mod ini;
pub(in crate::aws) mod problem;
pub(in crate::aws) mod profiles;
pub(in crate::aws) mod resolve;
mod secrets;
pub(in crate::aws) mod source;
