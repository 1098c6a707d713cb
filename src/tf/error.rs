use std::fmt;

use super::{Path, Step};

/// Why a value could not be read or written, and where in it.
///
/// The problem is for users to read and never repeats the value itself, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", Prefix(path))]
pub struct Error {
    /// The value at fault, as seen from the outermost value.
    pub path: Path,
    /// What is wrong with it: a fragment such as "a number is required, but this is a string".
    pub problem: String,
}

impl Error {
    /// A problem with the value at hand.
    pub(super) fn here(problem: impl Into<String>) -> Self {
        Self { path: Path::root(), problem: problem.into() }
    }

    /// The same problem as seen from the value one step further out.
    pub(super) fn below(mut self, step: Step) -> Self {
        self.path.steps.insert(0, step);
        self
    }

    /// The same problem as seen from a set, whose elements have no address.
    pub(super) fn in_set(mut self) -> Self {
        self.path = Path::root();
        self
    }
}

struct Prefix<'a>(&'a Path);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.steps.is_empty() { Ok(()) } else { write!(f, "{}: ", self.0) }
    }
}
