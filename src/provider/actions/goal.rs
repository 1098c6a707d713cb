use std::ops::ControlFlow;

use crate::aws::{PowerChange, WorkSpace};

/// How many looks may show a WorkSpace that was told to reboot as available before the reboot counts
/// as done: it can begin after the first look, and be over between two looks.
const REBOOT_LOOKS: u32 = 30;

/// How the wait for a WorkSpace ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is in the state that was asked for.
    Reached,
    /// It never will be; its state, or that AWS does not show it.
    Failed(String),
}

/// What is to be done about a WorkSpace as AWS shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: it is in the state that was asked for.
    Nothing,
    /// Nothing but to wait: it is on the way.
    Wait,
    /// The call.
    Call,
}

/// The state that a change leads to.
pub(super) fn state(change: PowerChange) -> &'static str {
    match change {
        PowerChange::Start | PowerChange::Reboot => "AVAILABLE",
        PowerChange::Stop => "STOPPED",
    }
}

/// The state that a change leads through.
fn way(change: PowerChange) -> &'static str {
    match change {
        PowerChange::Start => "STARTING",
        PowerChange::Stop => "STOPPING",
        PowerChange::Reboot => "REBOOTING",
    }
}

/// What a change needs. A reboot is always carried out, except where one is under way.
pub(super) fn need(change: PowerChange, shown: &WorkSpace) -> Need {
    if shown.state() == way(change) {
        Need::Wait
    } else if shown.state() == state(change) && change != PowerChange::Reboot {
        Need::Nothing
    } else {
        Need::Call
    }
}

/// The condition to wait for after a change was accepted, or is under way. In any other state, known
/// or not, the WorkSpace is waited for.
pub(super) fn condition(
    change: PowerChange,
) -> impl FnMut(Option<&WorkSpace>) -> ControlFlow<Outcome> + Send {
    let (mut was_on_the_way, mut looks) = (change != PowerChange::Reboot, 0);
    move |seen| {
        let Some(workspace) = seen else {
            return ControlFlow::Break(Outcome::Failed("AWS no longer shows it".to_owned()));
        };
        looks += 1;
        let now = workspace.state();
        was_on_the_way |= now == way(change) || looks > REBOOT_LOOKS;
        if now == state(change) && was_on_the_way {
            ControlFlow::Break(Outcome::Reached)
        } else if workspace.has_failed() {
            let reason = workspace.reason().map(|why| format!(" ({why})")).unwrap_or_default();
            ControlFlow::Break(Outcome::Failed(format!("{now}{reason}")))
        } else {
            ControlFlow::Continue(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_state(state: &str) -> WorkSpace {
        WorkSpace { id: "ws-1".to_owned(), state: Some(state.to_owned()), ..WorkSpace::default() }
    }

    #[test]
    fn what_is_done_or_under_way_is_not_asked_for_again() {
        use PowerChange::{Reboot, Start, Stop};
        for (change, state, expected) in [
            (Start, "AVAILABLE", Need::Nothing),
            (Start, "STARTING", Need::Wait),
            (Start, "STOPPED", Need::Call),
            (Start, "ERROR", Need::Call),
            (Stop, "STOPPED", Need::Nothing),
            (Stop, "STOPPING", Need::Wait),
            (Stop, "AVAILABLE", Need::Call),
            (Reboot, "AVAILABLE", Need::Call),
            (Reboot, "REBOOTING", Need::Wait),
        ] {
            assert_eq!(need(change, &in_state(state)), expected, "{change:?} {state}");
        }
    }

    #[test]
    fn a_wait_ends_in_the_state_that_was_asked_for_or_in_one_that_never_leads_there() {
        use PowerChange::{Reboot, Start, Stop};
        let gone = "AWS no longer shows it";
        for (change, states, expected) in [
            (Start, vec!["STOPPED", "STARTING", "AVAILABLE"], Some(Outcome::Reached)),
            (Start, vec!["STOPPED", "STARTING"], None),
            (Start, vec!["STARTING", "ERROR"], Some(Outcome::Failed("ERROR".to_owned()))),
            (Stop, vec!["AVAILABLE", "STOPPING", "STOPPED"], Some(Outcome::Reached)),
            (Stop, vec!["UNHEALTHY"], None),
            (Stop, vec!["STOPPING", ""], Some(Outcome::Failed(gone.to_owned()))),
            // A reboot that has not begun is not one that is over.
            (Reboot, vec!["AVAILABLE"; 5], None),
            (Reboot, vec!["AVAILABLE", "REBOOTING", "AVAILABLE"], Some(Outcome::Reached)),
            (Reboot, vec!["AVAILABLE"; 31], Some(Outcome::Reached)),
        ] {
            let mut condition = condition(change);
            let ended = states.iter().find_map(|state| {
                let seen = (!state.is_empty()).then(|| in_state(state));
                condition(seen.as_ref()).break_value()
            });
            assert_eq!(ended, expected, "{change:?} {states:?}");
        }
    }
}
