use crate::aws::Account;
use crate::provider::attr::Attr;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::identity::keep;
use crate::provider::managed::location::{IMPORT_AGAIN, Location};
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Value};

use super::model::Stored;
use super::schema::NOUN;

/// Refreshes a permission. One call serves all permissions for one alias.
pub(super) async fn read(session: &Session, prior: Instance) -> Outcome {
    let mut stored = Stored::decode(&prior);
    let now = session.clock.now();
    match refresh(session, &stored).await {
        Ok(Some(found)) => found.with(Diagnostics::new()),
        Ok(None) if stored.private.may_be_invisible(now, None) => {
            stored.private.missing_since.get_or_insert(now);
            let detail = format!(
                "AWS accepted {} recently and does not show it yet. It stays in the state; refresh \
                 again in a few minutes.",
                stored.state.what()
            );
            let warning = Diagnostic::warning("A new permission is not visible yet", detail);
            stored.with(warning)
        }
        Ok(None) => {
            let detail = format!(
                "AWS does not show {} any more: it was removed outside Terraform. If the \
                 configuration still has it, the plan creates it again.",
                stored.state.what()
            );
            let diagnostics = Diagnostic::warning("A permission is gone", detail).into();
            Outcome { instance: Instance { state: Value::Null, ..prior }, diagnostics }
        }
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn refresh(session: &Session, stored: &Stored) -> Result<Option<Stored>, Diagnostic> {
    let location = locate(session, stored, "refresh").await?;
    let account = session.account().await;
    check_account(&location, stored, account.as_ref(), "refresh")?;
    let Location { id, region: region_name } = &location;
    let region = session.client.region(region_name).await;
    let shared_with = region.connection_aliases().shared_with(id).await.map_err(|error| {
        explain_alias(&format!("refresh {} in {region_name}", stored.state.what()), &error)
    })?;
    let shared_account = stored.state.shared_account_id.text();
    if !shared_with.is_some_and(|accounts| accounts.contains(&shared_account)) {
        return Ok(None);
    }
    let identity = stored.state.identity(account.as_ref(), region_name);
    let identity = keep(&stored.identity, identity, NOUN, "alias_id")?;
    let mut found = Stored { identity: Attr::Known(identity), ..stored.clone() };
    found.private.seen();
    found.state.region = region_name.as_str().into();
    Ok(Some(found))
}

/// Which permission a stored state is about. `verb` completes "Could not …".
pub(super) async fn locate(
    session: &Session,
    stored: &Stored,
    verb: &str,
) -> Result<Location, Diagnostic> {
    let state = &stored.state;
    let location = Location::of(session, (&state.alias_id, &state.region), NOUN, verb).await?;
    if state.shared_account_id.as_str().is_none() {
        let summary = format!("Could not {verb} a permission for {}", location.id);
        let detail = format!("The stored state has no shared_account_id. {IMPORT_AGAIN}");
        return Err(Diagnostic::error(summary, detail));
    }
    Ok(location)
}

/// Fails if the credentials belong to another account than the owner of the alias.
pub(super) fn check_account(
    location: &Location,
    stored: &Stored,
    account: Option<&Account>,
    verb: &str,
) -> Result<(), Diagnostic> {
    let of_identity = stored.identity.known().and_then(|identity| identity.account_id.as_str());
    location.check_account(of_identity, account, NOUN, verb)
}
