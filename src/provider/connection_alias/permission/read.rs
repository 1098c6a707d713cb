use crate::provider::attr::Attr;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::locate::Named;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::identity::keep;
use crate::provider::managed::location::Location;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Value};

use super::model::Stored;
use super::schema::SUBJECT;

/// Refreshes a permission. One call serves all permissions for one alias.
pub(super) async fn read(session: &Session, prior: Instance) -> Outcome {
    let mut stored = Stored::decode(&prior);
    let now = session.clock.now();
    match refresh(session, &stored).await {
        Ok(Some(found)) => found.with(Diagnostics::new()),
        Ok(None) if stored.private.visibility.may_be_invisible(now, None) => {
            stored.private.visibility.missing_since.get_or_insert(now);
            let detail = format!(
                "AWS recently accepted that {} and does not show it yet. The permission stays in \
                 the state; refresh again in a few minutes.",
                stored.state.words("is shared with")
            );
            let warning = Diagnostic::warning("A new permission is not visible yet", detail);
            stored.with(warning)
        }
        Ok(None) => {
            let detail = format!(
                "{}: the permission was removed outside Terraform. If the configuration still has it, \
                 the plan creates it again.",
                stored.state.words("is no longer shared with")
            );
            let diagnostics = Diagnostic::warning("A permission is gone", detail).into();
            Outcome { instance: Instance { state: Value::Null, ..prior }, diagnostics }
        }
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn refresh(session: &Session, stored: &Stored) -> Result<Option<Stored>, Diagnostic> {
    let named = named(stored);
    let location = named.locate(session, "refresh").await?;
    let account = session.account().await;
    named.check_account(&location, account.as_ref(), "refresh")?;
    let Location { id, region: region_name } = &location;
    let region = session.client.region(region_name).await;
    let shared_with = region.connection_aliases().shared_with(id).await.map_err(|error| {
        let what = stored.state.words("is shared with");
        explain_alias(&format!("look up in {region_name} whether {what}"), &error)
    })?;
    let shared_account = stored.state.shared_account_id.text();
    if !shared_with.is_some_and(|accounts| accounts.contains(&shared_account)) {
        named.check_absence(&location, session, "refresh").await?;
        return Ok(None);
    }
    let identity = stored.state.identity(account.as_ref(), region_name);
    let identity = keep(&stored.identity, identity, SUBJECT.noun, SUBJECT.key)?;
    let mut found = Stored { identity: Attr::Known(identity), ..stored.clone() };
    found.private.visibility.seen();
    found.private.belongs_to(account.as_ref());
    found.state.region = region_name.as_str().into();
    Ok(Some(found))
}

/// What a stored state is about.
pub(super) fn named(stored: &Stored) -> Named<'_> {
    let Stored { state, private, identity } = stored;
    let other = ("shared_account_id", &state.shared_account_id);
    Named::new(&SUBJECT, (&state.alias_id, &state.region), other, identity, private)
}
