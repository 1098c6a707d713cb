use std::ops::ControlFlow;

use crate::aws::WorkSpace;

/// How many looks may show a standby that is ready but incomplete before it is taken as it is.
const INCOMPLETE_LOOKS: u32 = 30;

/// How the wait for a new standby ended.
pub(in crate::provider) enum Readiness {
    Ready(Box<WorkSpace>),
    Failed(Box<WorkSpace>),
    /// AWS showed it before, and does not show it now.
    Gone,
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
    if workspace.has_failed() {
        ControlFlow::Break(Readiness::Failed(Box::new(workspace.clone())))
    } else if workspace.is_ready() && (workspace.primary.is_some() || *looks > INCOMPLETE_LOOKS) {
        ControlFlow::Break(Readiness::Ready(Box::new(workspace.clone())))
    } else {
        ControlFlow::Continue(())
    }
}
