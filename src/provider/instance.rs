use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tf::{Diagnostics, Path, Value};

/// One resource instance as Terraform stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The attributes; null when there is no such instance.
    pub state: Value,
    /// What the provider remembers beside the attributes, opaque to Terraform.
    pub private: Vec<u8>,
    /// The resource identity; null when Terraform sent none or there is none yet.
    pub identity: Value,
}

impl Instance {
    /// No instance: not created yet, or gone.
    pub fn absent() -> Self {
        Self { state: Value::Null, private: Vec::new(), identity: Value::Null }
    }

    /// Whether there is no instance.
    pub fn is_absent(&self) -> bool {
        self.state.is_null()
    }
}

/// What a read, an apply or an import leaves, and what there is to say about it.
///
/// Both parts always count: an apply that failed half-way returns errors *and* the instance as far
/// as it got, because Terraform saves exactly what it is given.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The instance to store; its state has no unknown values.
    pub instance: Instance,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// The answer to a plan.
#[derive(Clone, Debug)]
pub struct PlannedChange {
    /// The planned state, private state and identity; a null state plans the destruction.
    pub instance: Instance,
    /// The attributes whose change needs a new WorkSpace.
    pub requires_replace: Vec<Path>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

/// What an import asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportTarget {
    /// `terraform import ADDRESS ID` or `import { id = … }`.
    Id(String),
    /// `import { identity = { … } }`.
    Identity(Value),
}

/// Where an apply leaves the instance as soon as there is something to lose.
///
/// From the moment AWS has returned an id it is recorded here, before anything else is done, so
/// that even a panic later on cannot lose it: whoever called the apply finds it and saves it.
#[derive(Debug, Default)]
pub struct Checkpoint(Mutex<Option<Instance>>);

impl Checkpoint {
    /// Nothing to lose yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records the instance as it is now; unknown values become null, because it may be saved as it is.
    pub fn record(&self, instance: Instance) {
        let Instance { state, private, identity } = instance;
        let saved = Instance {
            state: state.unknown_as_null(),
            private,
            identity: identity.unknown_as_null(),
        };
        *self.lock() = Some(saved);
    }

    /// The last recorded instance, if there was something to lose.
    pub fn take(&self) -> Option<Instance> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instance>> {
        // A panic while the lock is held cannot leave the slot half-written: it is one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
