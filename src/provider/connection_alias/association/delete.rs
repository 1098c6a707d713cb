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
    // The request names the alias alone, which may lead to another directory by now.
    match ending.look().await? {
        Shown::Ending => return ending.wait().await,
        Shown::Present => {}
        // AWS may not show it yet.
        Shown::Absent if stored.private.visibility.may_be_invisible(session.clock.now(), None) => {}
        Shown::Absent | Shown::Elsewhere => {
            // Another account would not see it either.
            let account = within(ending.limit.deadline, stop, session.account()).await;
            let account = account.map_err(|unfinished| ending.unfinished(unfinished))?;
            return named.check_account(&location, account.as_ref(), "remove");
        }
    }
    let request = region.connection_aliases().disassociate(&location.id, stop);
    let refusal = match answered(ending.limit.deadline, stop, request).await {
        Ok(Ok(())) => return ending.wait().await,
        Ok(Err(error)) => error,
        Err(unfinished) => return Err(ending.unfinished(unfinished)),
    };
    if refusal.kind == Kind::Stopped {
        return Err(ending.unfinished(Unfinished::Stopped));
    }
    // An answer that was lost, and a refusal because it is being removed, are the same.
    match ending.look().await? {
        Shown::Elsewhere => Ok(()),
        Shown::Absent if refusal.kind.is_refusal() => Ok(()),
        Shown::Absent | Shown::Ending => ending.wait().await,
        Shown::Present => Err(ending.refused(&refusal)),
    }
}

/// What AWS shows of an association.
enum Shown {
    Present,
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
        let found = found.map_err(|unfinished| self.unfinished(unfinished))?;
        let alias = found.map_err(|error| self.refused(&error))?;
        let Some(alias) = alias else { return Ok(Shown::Absent) };
        Ok(match alias.association_with(self.directory) {
            Some(association) if association.is_ending() => Shown::Ending,
            Some(_) => Shown::Present,
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

    fn unfinished(&self, unfinished: Unfinished) -> Diagnostic {
        self.not_gone(&Interrupted::without_result(unfinished, self.limit, false))
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
