use std::ops::ControlFlow;
use std::time::Duration;

use crate::aws::{ConnectionAlias, Error, Kind, Region};
use crate::provider::attr::{Attr, Field};
use crate::provider::connection_alias::private::Private;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::arguments::timeout_of;
use crate::provider::managed::visibility::Visibility;
use crate::provider::resource::Apply;
use crate::provider::wait::{Limit, Unfinished, answered, until, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::in_the_way;
use super::messages::{self, Pair};
use super::model::{Association, Identity, Stored};

/// The default of `timeouts.create`. AWS documents no figure.
const TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// How long to look for an association whose answer was lost, also after a stop.
const LOOK_FOR: Duration = Duration::from_secs(10);

/// Associates an alias with a directory and waits until the association is complete. From the moment
/// AWS has accepted the request the association is in the checkpoint.
pub(super) async fn create(apply: Apply<'_>, planned: Instance) -> Outcome {
    let planned = Stored::decode(&planned).state;
    let limit = Limit::from_now(timeout_of(&planned.timeouts, |all| &all.create, TIMEOUT));
    match associate(apply, &planned, limit).await {
        Ok((region, mut created)) => {
            let waited = wait(apply, &region, &mut created, limit).await;
            let state = planned.settled(Some(&created.state));
            Stored { state, ..created }.with(waited.err().map_or_else(Diagnostics::new, Into::into))
        }
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

/// Sends the request and records what AWS accepted.
async fn associate(
    apply: Apply<'_>,
    planned: &Association,
    limit: Limit,
) -> Result<(Region, Stored), Diagnostic> {
    let Apply { session, checkpoint, stop } = apply;
    let region_name = planned.region.as_str().ok_or_else(messages::no_region)?;
    let region = session.client.region(region_name).await;
    let (alias, directory) = (planned.alias_id.text(), planned.directory_id.text());
    let pair = Pair { alias: &alias, directory: &directory, region: region_name };
    let identifier = loop {
        let request = region.connection_aliases().associate(&alias, &directory, stop);
        match answered(limit.deadline, stop, request).await {
            Ok(Ok(identifier)) => break identifier,
            Ok(Err(error)) if error.kind == Kind::InUse => {
                in_the_way::wait(&region, pair, limit, stop, &error).await?;
            }
            Ok(Err(error)) if error.kind == Kind::InProgress => {
                let pause =
                    within(limit.deadline, stop, tokio::time::sleep(in_the_way::LOOK_AGAIN)).await;
                pause.map_err(|unfinished| match unfinished {
                    Unfinished::Stopped => messages::not_begun(pair),
                    Unfinished::TimedOut => messages::refused(pair, &error),
                })?;
            }
            Ok(Err(error)) if is_lost(&error) => {
                let shown = is_associated(&region, pair).await;
                return Err(messages::lost(pair, Some(&error), &shown));
            }
            Ok(Err(error)) => return Err(messages::refused(pair, &error)),
            Err(Unfinished::Stopped) => return Err(messages::not_begun(pair)),
            Err(Unfinished::TimedOut) => {
                return Err(messages::lost(pair, None, &is_associated(&region, pair).await));
            }
        }
    };
    let mut state = planned.clone().settled(None);
    state.connection_identifier = identifier.into();
    let identity = |account| Attr::Known(Identity::new(account, region_name, &alias));
    let mut created = Stored {
        state,
        private: Private {
            visibility: Visibility::unseen(session.clock.now()),
            ..Private::of(session.known_account())
        },
        identity: identity(session.known_account()),
    };
    checkpoint.record(created.encode());
    tracing::info!(alias, directory, region = region_name, "recorded");
    if session.known_account().is_none()
        && let Ok(account) = within(limit.deadline, stop, session.account()).await
    {
        created.identity = identity(account.as_ref());
        created.private.belongs_to(account.as_ref());
        checkpoint.record(created.encode());
    }
    Ok((region, created))
}

/// Whether AWS may have carried out a request that failed.
fn is_lost(error: &Error) -> bool {
    matches!(error.kind, Kind::Ambiguous | Kind::WorkerGone)
}

/// Whether the alias leads to the directory after all, or why AWS does not say.
async fn is_associated(region: &Region, pair: Pair<'_>) -> Result<bool, Option<Error>> {
    let mut watch = region.connection_aliases().watch(pair.alias);
    let mut latest = Err(None);
    let look = async {
        while let Ok(seen) = watch.next().await {
            latest = match seen {
                Ok(alias) => {
                    Ok(alias.is_some_and(|alias| alias.association_with(pair.directory).is_some()))
                }
                Err(error) => Err(Some(error)),
            };
            // What AWS refuses now, it refuses in a second too.
            if matches!(&latest, Ok(true))
                || matches!(&latest, Err(Some(error)) if error.kind.is_refusal())
            {
                break;
            }
        }
    };
    let _elapsed = tokio::time::timeout(LOOK_FOR, look).await;
    latest
}

/// What a wait for an association ends with.
enum Ended {
    Complete(Box<ConnectionAlias>),
    /// AWS has given it up, or somebody has removed it, possibly with the alias.
    Failed(Option<Box<ConnectionAlias>>),
}

/// Waits until the association is complete, and takes over what AWS shows.
async fn wait(
    apply: Apply<'_>,
    region: &Region,
    created: &mut Stored,
    limit: Limit,
) -> Result<(), Diagnostic> {
    let (alias_id, directory) = (created.state.alias_id.text(), created.state.directory_id.text());
    let mut was_shown = false;
    let condition = |seen: Option<&ConnectionAlias>| {
        let Some(alias) = seen else {
            // It was there: a new one that AWS does not show yet has not been seen.
            return match was_shown {
                true => ControlFlow::Break(Ended::Failed(None)),
                false => ControlFlow::Continue(()),
            };
        };
        match alias.association_with(&directory) {
            Some(association) if association.is_complete() => {
                ControlFlow::Break(Ended::Complete(Box::new(alias.clone())))
            }
            Some(association) if association.is_ending() => {
                ControlFlow::Break(Ended::Failed(Some(Box::new(alias.clone()))))
            }
            Some(_) => {
                was_shown = true;
                ControlFlow::Continue(())
            }
            None if was_shown => ControlFlow::Break(Ended::Failed(Some(Box::new(alias.clone())))),
            None => ControlFlow::Continue(()),
        }
    };
    let ended = until(region, &alias_id, limit, apply.stop, condition).await;
    let pair = Pair { alias: &alias_id, directory: &directory, region: region.name() };
    let (last, problem) = match ended {
        Ok(Ended::Complete(alias)) => (Some(*alias), None),
        Ok(Ended::Failed(alias)) => {
            let problem = messages::failed(pair, alias.as_deref());
            (alias.map(|alias| *alias), Some(problem))
        }
        Err(mut interrupted) => {
            let problem = messages::not_complete(pair, &interrupted);
            (interrupted.last.take(), Some(problem))
        }
    };
    let is_shown = last.as_ref().is_some_and(|alias| alias.association_with(&directory).is_some());
    if was_shown || is_shown {
        created.private.visibility.seen();
    }
    if let Some(alias) = last {
        created.state.refresh(&alias);
    }
    problem.map_or(Ok(()), Err)
}
