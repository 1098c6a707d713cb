//! What may differ between one Terraform and the next, on every one there is.
//!
//! The second one is downloaded on first use. Where it cannot be, the tests that need it are left out,
//! visibly; with `REQUIRE_BOTH_CORES=1` they fail.

// Create, update, import, destroy; a state that goes from core to core; `terraform test`.
mod life;
// Listing what exists, which Terraform knows from 1.14 on, and functions, from 1.8 on.
mod query;
// Actions, which Terraform knows from 1.14 on.
mod actions;
// Resource identity, which Terraform knows from 1.12 on.
mod identity;
