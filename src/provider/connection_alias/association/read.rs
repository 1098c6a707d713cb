use crate::provider::attr::Attr;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::locate::Named;
use crate::provider::instance::{Instance, Outcome};
use crate::provider::managed::identity::keep;
use crate::provider::managed::location::Location;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Value};

use super::model::{Identity, Stored};
use super::schema::SUBJECT;

/// What a refresh found.
enum Found {
    Present(Box<Stored>),
    Absent { location: Location, leads_elsewhere: bool },
}

/// Refreshes an association. One call serves the associations of 25 aliases.
pub(super) async fn read(session: &Session, prior: Instance) -> Outcome {
    let mut stored = Stored::decode(&prior);
    match refresh(session, &stored).await {
        Ok(Found::Present(now)) => {
            let warnings = ending(&now);
            now.with(warnings)
        }
        Ok(Found::Absent { location, leads_elsewhere }) => {
            let now = session.clock.now();
            if !leads_elsewhere && stored.private.visibility.may_be_invisible(now, None) {
                stored.private.visibility.missing_since.get_or_insert(now);
                return stored.with(invisible(&location));
            }
            let diagnostics = gone(&location, &stored).into();
            Outcome { instance: Instance { state: Value::Null, ..prior }, diagnostics }
        }
        Err(diagnostic) => Outcome { instance: prior, diagnostics: diagnostic.into() },
    }
}

async fn refresh(session: &Session, stored: &Stored) -> Result<Found, Diagnostic> {
    let named = named(stored);
    let location = named.locate(session, "refresh").await?;
    let account = session.account().await;
    named.check_account(&location, account.as_ref(), "refresh")?;
    let Location { id, region: region_name } = &location;
    let region = session.client.region(region_name).await;
    let found = region.connection_aliases().find(id).await.map_err(|error| {
        explain_alias(&format!("refresh the association of {id} in {region_name}"), &error)
    })?;
    let directory = stored.state.directory_id.text();
    let alias = match found {
        Some(alias) if alias.association_with(&directory).is_some() => alias,
        other => {
            named.check_absence(&location, session, "refresh").await?;
            let leads_elsewhere = other.is_some_and(|alias| alias.leads_elsewhere(&directory));
            return Ok(Found::Absent { location, leads_elsewhere });
        }
    };
    let identity = Identity::new(account.as_ref(), region_name, id);
    let identity = keep(&stored.identity, identity, SUBJECT.noun, SUBJECT.key)?;
    let mut now = Stored { identity: Attr::Known(identity), ..stored.clone() };
    now.private.visibility.seen();
    now.private.belongs_to(account.as_ref());
    now.state.region = region_name.as_str().into();
    now.state.refresh(&alias);
    Ok(Found::Present(Box::new(now)))
}

/// What a stored state is about.
pub(super) fn named(stored: &Stored) -> Named<'_> {
    let Stored { state, private, identity } = stored;
    let other = ("directory_id", &state.directory_id);
    Named::new(&SUBJECT, (&state.alias_id, &state.region), other, identity, private)
}

/// An association so new that AWS may not show it yet.
fn invisible(Location { id, region }: &Location) -> Diagnostic {
    let detail = format!(
        "AWS accepted the association of {id} in {region} recently and does not show it yet. It \
         stays in the state; refresh again in a few minutes."
    );
    Diagnostic::warning("A new association is not visible yet", detail)
}

fn gone(Location { id, region }: &Location, stored: &Stored) -> Diagnostic {
    let detail = format!(
        "{id} in {region} is no longer associated with {}: the association was removed outside \
         Terraform. If the configuration still has it, the plan creates it again.",
        stored.state.directory_id.text()
    );
    Diagnostic::warning("An association is gone", detail)
}

/// A warning about an association that is being removed. It stays in the state until it is gone.
fn ending(stored: &Stored) -> Diagnostics {
    if stored.state.association_status.as_str() != Some("PENDING_DISASSOCIATION") {
        return Diagnostics::new();
    }
    let id = stored.state.alias_id.text();
    let detail = format!(
        "AWS is removing the association of {id} with {}. It stays in the state until it is gone. If \
         the configuration still has it, a later plan creates it again.",
        stored.state.directory_id.text()
    );
    Diagnostic::warning(format!("The association of {id} is being removed"), detail).into()
}
