//! The files that `scripts/release` makes, as the Terraform Registry and a person who installs them
//! take them.

// The key that signs, the folder that is packed, the server of both.
mod stage;

// Names, checksums, signature, and the same bytes twice.
mod files;
// `terraform init`, `providers lock` and `providers mirror` with a registry and with mirrors.
mod registry;
// The workflows, the Dockerfile and the documentation name what exists.
mod recipes;
