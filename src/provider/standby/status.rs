use std::ops::ControlFlow;

use crate::aws::WorkSpace;

/// States of a new standby that is ready.
const READY: [&str; 2] = ["AVAILABLE", "STOPPED"];

/// States from which a new standby does not become ready.
const FAILED: [&str; 4] = ["ERROR", "TERMINATING", "TERMINATED", "SUSPENDED"];

/// States of a WorkSpace that is terminated or about to be.
pub(super) const ENDING: [&str; 2] = ["TERMINATING", "TERMINATED"];

/// How many looks may show a standby that is ready but incomplete before it is taken as it is.
const INCOMPLETE_LOOKS: u32 = 30;

/// How the wait for a new standby ended.
pub(in crate::provider) enum Readiness {
    Ready(Box<WorkSpace>),
    Failed(Box<WorkSpace>),
    /// AWS showed it before, and does not show it now.
    Gone,
}

/// Whether a WorkSpace is terminated or about to be.
pub(in crate::provider) fn is_ending(workspace: &WorkSpace) -> bool {
    ENDING.contains(&workspace.state())
}

/// Whether a new standby is ready. In any other state, known or not, it is waited for, and so is one
/// that AWS has not shown yet. `looks` counts how often AWS has shown it.
pub(in crate::provider) fn ready(
    seen: Option<&WorkSpace>,
    looks: &mut u32,
) -> ControlFlow<Readiness> {
    let Some(workspace) = seen else {
        return match *looks {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(Readiness::Gone),
        };
    };
    *looks += 1;
    let state = workspace.state();
    if FAILED.contains(&state) {
        ControlFlow::Break(Readiness::Failed(Box::new(workspace.clone())))
    } else if READY.contains(&state) && (workspace.primary.is_some() || *looks > INCOMPLETE_LOOKS) {
        ControlFlow::Break(Readiness::Ready(Box::new(workspace.clone())))
    } else {
        ControlFlow::Continue(())
    }
}
