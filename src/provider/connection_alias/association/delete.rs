use std::ops::ControlFlow;
use std::time::Duration;

use crate::aws::{ConnectionAlias, Error, Kind, Region};
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::arguments::timeout_of;
use crate::provider::resource::Apply;
use crate::provider::wait::{Interrupted, Limit, Unfinished, Why, answered, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::model::Stored;
use super::read::named;

/// The default of `timeouts.delete`. AWS documents no figure.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// The time after which a request that was not carried out is sent again.
const PAUSE: Duration = Duration::from_secs(1);

/// Requests without an answer, after which the error is returned.
const MOST_IN_DOUBT: u32 = 8;

/// Removes an association and waits until it is gone, so that the alias can be deleted then. One that
/// is gone already is not an error.
pub(super) async fn delete(apply: Apply<'_>, prior: Instance) -> Outcome {
    match disassociate(apply, &Stored::decode(&prior)).await {
        Ok(()) => Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() },
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn disassociate(apply: Apply<'_>, stored: &Stored) -> Result<(), Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let named = named(stored);
    let location = named.locate(session, "remove").await?;
    let account = session.client.known_account();
    named.check_account(&location, account, "remove")?;
    let region = session.client.region(&location.region).await;
    let directory = stored.state.directory_id.text();
    let ending = Ending {
        apply,
        region: &region,
        alias: &location.id,
        directory: &directory,
        limit: Limit::from_now(timeout_of(&stored.state.timeouts, |all| &all.delete, TIMEOUT)),
    };
    let mut in_doubt = 0;
    loop {
        // The request names the alias alone, which may lead to another directory by now.
        let last = match ending.look().await? {
            Shown::Ending => return ending.wait().await,
            Shown::Present(alias) => Some(alias),
            // AWS may not show it yet.
            Shown::Absent
                if stored.private.visibility.may_be_invisible(session.clock.now(), None) =>
            {
                None
            }
            Shown::Absent | Shown::Elsewhere => {
                // Another account would not see it either.
                let check = named.check_absence(&location, session, "remove");
                let checked = within(ending.limit.deadline, stop, check).await;
                return checked.map_err(|unfinished| ending.unfinished(unfinished, None))?;
            }
        };
        let request = region.connection_aliases().disassociate(&location.id, stop);
        let refusal = match answered(ending.limit.deadline, stop, request).await {
            Ok(Ok(())) => return ending.wait().await,
            Ok(Err(error)) => error,
            Err(unfinished) => return Err(ending.unfinished(unfinished, last)),
        };
        match refusal.kind {
            Kind::Stopped => return Err(ending.unfinished(Unfinished::Stopped, last)),
            // Not carried out, or perhaps; the next look tells.
            Kind::Throttled | Kind::InProgress => {}
            Kind::Ambiguous | Kind::WorkerGone if in_doubt < MOST_IN_DOUBT => in_doubt += 1,
            // A refusal because it is being removed is a success.
            _ => {
                return match ending.look().await? {
                    Shown::Elsewhere => Ok(()),
                    Shown::Absent if refusal.kind.is_refusal() => Ok(()),
                    Shown::Absent | Shown::Ending => ending.wait().await,
                    Shown::Present(_) => Err(ending.refused(&refusal)),
                };
            }
        }
        let pause = within(ending.limit.deadline, stop, tokio::time::sleep(PAUSE)).await;
        pause.map_err(|unfinished| ending.unfinished(unfinished, last))?;
    }
}

/// What AWS shows of an association.
enum Shown {
    Present(ConnectionAlias),
    Ending,
    Absent,
    /// The alias leads to another directory, which must not be cut off.
    Elsewhere,
}

/// An association that is to be removed.
struct Ending<'a> {
    apply: Apply<'a>,
    region: &'a Region,
    alias: &'a str,
    directory: &'a str,
    limit: Limit,
}

impl Ending<'_> {
    async fn look(&self) -> Result<Shown, Diagnostic> {
        let look = self.region.connection_aliases().find(self.alias);
        let found = within(self.limit.deadline, self.apply.stop, look).await;
        let found = found.map_err(|unfinished| self.unfinished(unfinished, None))?;
        let alias = found.map_err(|error| self.refused(&error))?;
        let Some(alias) = alias else { return Ok(Shown::Absent) };
        Ok(match alias.association_with(self.directory) {
            Some(association) if association.is_ending() => Shown::Ending,
            Some(_) => Shown::Present(alias),
            None if alias.leads_elsewhere(self.directory) => Shown::Elsewhere,
            None => Shown::Absent,
        })
    }

    async fn wait(&self) -> Result<(), Diagnostic> {
        let absent = |seen: Option<&ConnectionAlias>| match seen
            .and_then(|alias| alias.association_with(self.directory))
        {
            None => ControlFlow::Break(()),
            Some(_) => ControlFlow::Continue(()),
        };
        let waited = until(self.region, self.alias, self.limit, self.apply.stop, absent).await;
        waited.map_err(|interrupted| self.not_gone(&interrupted))
    }

    /// `last` is what AWS has shown, if it was asked.
    fn unfinished(&self, unfinished: Unfinished, last: Option<ConnectionAlias>) -> Diagnostic {
        let interrupted = Interrupted::without_result(unfinished, self.limit, last.is_some());
        self.not_gone(&Interrupted { last, ..interrupted })
    }

    fn refused(&self, error: &Error) -> Diagnostic {
        let Self { alias, directory, region, .. } = self;
        let what =
            format!("remove the association of {alias} with {directory} in {}", region.name());
        explain_alias(&what, error)
    }

    fn not_gone(&self, interrupted: &Interrupted<ConnectionAlias>) -> Diagnostic {
        let advice = match &interrupted.why {
            Why::TimedOut(_) => "To wait longer, set timeouts { delete = … }, and apply again.",
            Why::Failed(Error { kind: Kind::AccessDenied, .. }) => {
                "Allow workspaces:DescribeConnectionAliases, and apply again."
            }
            Why::Stopped | Why::Failed(_) => "Apply again.",
        };
        let Self { alias, directory, .. } = self;
        Diagnostic::error(
            format!("The association of {alias} with {directory} is not removed yet"),
            format!("{}\n\nIt stays in the state. {advice}", interrupted.described()),
        )
    }
}
