use std::fmt;

use super::{Path, Step};

/// Why a value could not be decoded or encoded, and where.
///
/// Users read the problem. It never repeats the value, which may be sensitive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", Prefix(path))]
pub struct Error {
    /// The path from the outermost value to the invalid one.
    pub path: Path,
    /// A fragment such as "a number is required, but this is a string".
    pub problem: String,
}

impl Error {
    /// A problem with the current value.
    pub(super) fn here(problem: impl Into<String>) -> Self {
        Self { path: Path::root(), problem: problem.into() }
    }

    /// The same problem, seen from the enclosing value.
    pub(super) fn below(mut self, step: Step) -> Self {
        self.path.steps.insert(0, step);
        self
    }

    /// The same problem, seen from an enclosing set, whose elements have no path.
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
