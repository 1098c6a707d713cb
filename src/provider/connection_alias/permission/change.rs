use std::time::Duration;

use crate::aws::{Error, Kind};
use crate::provider::attr::Attr;
use crate::provider::claims::Claimed;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::private::Private;
use crate::provider::explain::said;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::visibility::Visibility;
use crate::provider::resource::Apply;
use crate::provider::wait::{Limit, Unfinished, answered, within};
use crate::tf::{Diagnostic, Diagnostics, Path};

use super::messages;
use super::model::{Permission, Stored};
use super::read::named;

/// How long to wait for the answer of AWS, all attempts included.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// What is said when that time is over.
const NO_ANSWER: &str = "AWS did not answer within 10 minutes.";

/// How long to look for a permission whose answer was lost, also after a stop.
const LOOK_FOR: Duration = Duration::from_secs(10);

/// Shares an alias with an account. AWS accepts the request again and again, so the permission is looked
/// up first: one that exists belongs to somebody else.
pub(super) async fn create(apply: Apply<'_>, planned: Instance) -> Outcome {
    let planned = Stored::decode(&planned).state;
    match allow(apply, &planned).await {
        Ok(created) => created.with(Diagnostics::new()),
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

async fn allow(apply: Apply<'_>, planned: &Permission) -> Result<Stored, Diagnostic> {
    let region = planned.region.as_str().ok_or_else(|| {
        let detail = "The plan has no Region. Set region in the provider block.";
        Diagnostic::error(format!("Could not {}", sharing(planned)), detail)
    })?;
    let (claims, claim) = (&apply.session.claims, claim(planned, region));
    let may_be_shown = match claims.claim(&claim) {
        Claimed::First => false,
        Claimed::AfterDelete => true,
        Claimed::Refused => return Err(messages::twice(planned)),
    };
    let created = send(apply, planned, region, may_be_shown).await;
    if created.is_err() {
        claims.release(&claim);
    }
    created
}

/// Names a permission, which no other resource of this process may create.
fn claim(permission: &Permission, region: &str) -> String {
    permission.words(&format!("in {region} for"))
}

/// Sends the request. `may_be_shown` is whether AWS may still show a permission that is gone.
async fn send(
    apply: Apply<'_>,
    planned: &Permission,
    region: &str,
    may_be_shown: bool,
) -> Result<Stored, Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let what = sharing(planned);
    let limit = Limit::from_now(TIMEOUT);
    let in_region = session.client.region(region).await;
    let aliases = in_region.connection_aliases();
    let (alias, account) = (planned.alias_id.text(), planned.shared_account_id.text());
    if !may_be_shown {
        let shared_with = within(limit.deadline, stop, aliases.shared_with(&alias)).await;
        let shared_with = shared_with.map_err(|unfinished| not_answered(&what, unfinished))?;
        let shared_with = shared_with.map_err(|error| explain_alias(&what, &error))?;
        if shared_with.is_some_and(|accounts| accounts.contains(&account)) {
            return Err(messages::exists(planned, region));
        }
    }
    let answer = answered(limit.deadline, stop, aliases.allow(&alias, &account, true, stop)).await;
    let (why, refusal) = match answer {
        Ok(Ok(())) => return Ok(record(apply, planned, region, limit).await),
        Err(Unfinished::Stopped) => return Err(not_answered(&what, Unfinished::Stopped)),
        Err(Unfinished::TimedOut) => (NO_ANSWER.to_owned(), None),
        Ok(Err(error)) if error.kind == Kind::Stopped => return Err(refused(planned, &error)),
        Ok(Err(error)) if error.kind.is_refusal() => (said(&error), Some(error)),
        Ok(Err(error)) => (said(&error), None),
    };
    // Also after a stop, and after the refusal of a second attempt: what AWS may have carried out is to be
    // named.
    let look = tokio::time::timeout(LOOK_FOR, aliases.shared_with(&alias)).await;
    let shared_with = look.ok().and_then(Result::ok);
    let is_shared = shared_with.map(|accounts| accounts.is_some_and(|all| all.contains(&account)));
    Err(match refusal {
        Some(error) if is_shared != Some(true) => refused(planned, &error),
        _ => messages::lost(planned, region, &why, is_shared),
    })
}

/// Records what AWS has accepted.
async fn record(apply: Apply<'_>, planned: &Permission, region: &str, limit: Limit) -> Stored {
    let Apply { session, checkpoint, stop } = apply;
    let mut created = Stored {
        state: planned.clone(),
        private: Private {
            visibility: Visibility::unseen(session.clock.now()),
            ..Private::of(session.known_account())
        },
        identity: Attr::Known(planned.identity(session.known_account(), region)),
    };
    checkpoint.record(created.encode());
    if session.known_account().is_none()
        && let Ok(owner) = within(limit.deadline, stop, session.account()).await
    {
        created.identity = Attr::Known(planned.identity(owner.as_ref(), region));
        created.private.belongs_to(owner.as_ref());
        checkpoint.record(created.encode());
    }
    created
}

/// Ends the permission. One that is gone already is not an error.
pub(super) async fn delete(apply: Apply<'_>, prior: Instance) -> Outcome {
    let stored = Stored::decode(&prior);
    match disallow(apply, &stored).await {
        Ok(()) => {
            apply.session.claims.deleted(&claim(&stored.state, &stored.state.region.text()));
            Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() }
        }
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn disallow(apply: Apply<'_>, stored: &Stored) -> Result<(), Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let named = named(stored);
    let location = named.locate(session, "delete").await?;
    let known = session.client.known_account();
    named.check_account(&location, known, "delete")?;
    let what = format!("stop sharing {}", stored.state.words("with"));
    let region = session.client.region(&location.region).await;
    let aliases = region.connection_aliases();
    let account = stored.state.shared_account_id.text();
    let limit = Limit::from_now(TIMEOUT);
    let request = aliases.allow(&location.id, &account, false, stop);
    let answer = answered(limit.deadline, stop, request).await;
    let Err(error) = answer.map_err(|unfinished| not_answered(&what, unfinished))? else {
        return Ok(());
    };
    let is_gone = match error.kind {
        Kind::NotFound => true,
        Kind::InUse => return Err(in_use(&what, &account, &error)),
        // Who may not end it may not see it.
        Kind::AccessDenied => false,
        // AWS does not document how it refuses to end what has ended, so the permission is looked up.
        kind if kind.is_refusal() => {
            let shared = within(limit.deadline, stop, aliases.shared_with(&location.id)).await;
            shared.is_ok_and(|shared| {
                shared.is_ok_and(|accounts| {
                    accounts.is_none_or(|accounts| !accounts.contains(&account))
                })
            })
        }
        _ => false,
    };
    if !is_gone {
        return Err(explain_alias(&what, &error));
    }
    // Another account would not know the alias either.
    let check = named.check_absence(&location, session, "delete");
    let checked = within(limit.deadline, stop, check).await;
    checked.map_err(|unfinished| not_answered(&what, unfinished))?
}

/// What completes "Could not …".
fn sharing(permission: &Permission) -> String {
    format!("share {}", permission.words("with"))
}

/// A refusal to share an alias.
fn refused(planned: &Permission, error: &Error) -> Diagnostic {
    let diagnostic = explain_alias(&sharing(planned), error);
    match error.kind {
        Kind::InvalidParameter => diagnostic.at(Path::attribute("shared_account_id")),
        _ => diagnostic,
    }
}

fn in_use(what: &str, account: &str, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe account {account} has associated the alias with a directory. Remove the \
         association there first, and apply again.",
        said(error)
    );
    Diagnostic::error(format!("Could not {what}"), detail)
}

fn not_answered(what: &str, unfinished: Unfinished) -> Diagnostic {
    let why = match unfinished {
        Unfinished::Stopped => "Terraform was interrupted before the request was sent.",
        Unfinished::TimedOut => NO_ANSWER,
    };
    Diagnostic::error(format!("Could not {what}"), format!("{why} Apply again to continue."))
}
