use tokio_util::sync::CancellationToken;

use crate::aws::Region;
use crate::provider::wait::{Limit, Unfinished, spelled};
use crate::tf::Diagnostic;

/// The standby that an update changes, and how long that may take.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) region: &'a Region,
    pub(super) id: &'a str,
    pub(super) limit: Limit,
    pub(super) stop: &'a CancellationToken,
}

impl Subject<'_> {
    /// Completes "Could not …".
    pub(super) fn change_of(&self, thing: &str) -> String {
        format!("change the {thing} of the standby {} in {}", self.id, self.region.name())
    }

    /// An error about an update of which a part is done; `why` is a sentence without its full stop.
    pub(super) fn incomplete(&self, why: &str) -> Diagnostic {
        Diagnostic::error(
            format!(
                "The update of the standby {} in {} is incomplete",
                self.id,
                self.region.name()
            ),
            format!("{why}. The state has what was changed; apply again to change the rest."),
        )
    }

    /// An error about a request that did not end.
    pub(super) fn unanswered(&self, unfinished: Unfinished, who: &str) -> Diagnostic {
        match unfinished {
            Unfinished::Stopped => self.incomplete("Terraform was interrupted"),
            Unfinished::TimedOut => {
                let timeout = spelled(self.limit.timeout);
                self.incomplete(&format!("{who} did not answer within {timeout}"))
            }
        }
    }
}
