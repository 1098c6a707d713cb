//! What the managed resources have in common: arguments, what Terraform stores of an instance, where an instance
//! is, how it is imported, and which Region a plan chooses.

pub(in crate::provider) mod arguments;
pub(in crate::provider) mod identity;
pub(in crate::provider) mod import;
pub(in crate::provider) mod location;
pub(in crate::provider) mod plan;
pub(in crate::provider) mod planned_region;
pub(in crate::provider) mod stored;
pub(in crate::provider) mod visibility;
