use std::time::Duration;

use crate::aws::{Error, Kind};
use crate::provider::attr::Attr;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::private::Private;
use crate::provider::explain::said;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::visibility::Visibility;
use crate::provider::resource::Apply;
use crate::provider::wait::{Limit, Unfinished, answered, within};
use crate::tf::{Diagnostic, Diagnostics};

use super::model::{Permission, Stored};
use super::read::named;

/// How long to wait for the answer of AWS, all attempts included.
const TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Allows an account to associate an alias. Allowing it again changes nothing, so an answer that was
/// lost does no harm.
pub(super) async fn create(apply: Apply<'_>, planned: Instance) -> Outcome {
    let planned = Stored::decode(&planned).state;
    match allow(apply, &planned).await {
        Ok(created) => created.with(Diagnostics::new()),
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

async fn allow(apply: Apply<'_>, planned: &Permission) -> Result<Stored, Diagnostic> {
    let Apply { session, checkpoint, stop } = apply;
    let what = format!("create {}", planned.what());
    let region = planned.region.as_str().ok_or_else(|| {
        let detail = "The plan has no Region. Set region in the provider block.";
        Diagnostic::error(format!("Could not {what}"), detail)
    })?;
    let limit = Limit::from_now(TIMEOUT);
    let in_region = session.client.region(region).await;
    let aliases = in_region.connection_aliases();
    let (alias, account) = (planned.alias_id.text(), planned.shared_account_id.text());
    let answer = answered(limit.deadline, stop, aliases.allow(&alias, &account, true, stop)).await;
    answer
        .map_err(|unfinished| not_answered(&what, unfinished))?
        .map_err(|error| explain_alias(&what, &error))?;
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
    Ok(created)
}

/// Ends the permission. One that is gone already is not an error.
pub(super) async fn delete(apply: Apply<'_>, prior: Instance) -> Outcome {
    match disallow(apply, &Stored::decode(&prior)).await {
        Ok(()) => Outcome { instance: Instance::absent(), diagnostics: Diagnostics::new() },
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn disallow(apply: Apply<'_>, stored: &Stored) -> Result<(), Diagnostic> {
    let Apply { session, stop, .. } = apply;
    let named = named(stored);
    let location = named.locate(session, "delete").await?;
    let known = session.client.known_account();
    named.check_account(&location, known, "delete")?;
    let what = format!("delete {}", stored.state.what());
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
    let account = within(limit.deadline, stop, session.account()).await;
    let account = account.map_err(|unfinished| not_answered(&what, unfinished))?;
    named.check_account(&location, account.as_ref(), "delete")
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
        Unfinished::TimedOut => "AWS did not answer within 10 minutes.",
    };
    Diagnostic::error(format!("Could not {what}"), format!("{why} Apply again to continue."))
}
