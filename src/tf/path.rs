use std::fmt;

/// The path from the root of a resource, data source or provider block to a value inside it.
///
/// Elements of a set have no path: a path into a set ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The steps, outermost first. Empty means the whole block.
    pub steps: Vec<Step>,
}

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into an attribute or nested block by name.
    Attribute(String),
    /// Into an element of a map by key.
    Key(String),
    /// Into an element of a list by index, counted from zero.
    Index(i64),
}

impl Step {
    /// Into an element of a list by index, counted from zero.
    pub(super) fn index(index: usize) -> Self {
        Self::Index(i64::try_from(index).unwrap_or(i64::MAX))
    }
}

impl Path {
    /// The path of the whole block.
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of a root attribute.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self::root().then(Step::Attribute(name.into()))
    }

    /// This path with one more step.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { steps }
    }

    /// The path of an attribute below this one.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        self.then(Step::Attribute(name.to_owned()))
    }

    /// The path of a map element below this one.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The path of a list element below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::index(index))
    }
}

impl fmt::Display for Path {
    /// As Terraform writes it: `timeouts.create`, `tags["Name"]`, `assume_role[0].role_arn`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
