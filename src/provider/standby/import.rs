use crate::aws::WorkSpace;
use crate::provider::attr::Attr;
use crate::provider::explain::explain;
use crate::provider::instance::{ImportTarget, Outcome};
use crate::provider::managed::import::{ImportForm, Part, Place, Wanted};
use crate::provider::managed::stored::imported;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

use super::identity::Identity;
use super::model::{Standby, Stored};
use super::schema::{TYPE_NAME, WORKSPACE_ID};

const FORM: ImportForm = ImportForm {
    type_name: TYPE_NAME,
    noun: "a WorkSpace ID",
    whose: "the WorkSpace ID of the standby",
    example: "ws-0a1b2c3d4",
    parts: &[Part {
        attribute: "id",
        pattern: WORKSPACE_ID,
        expected: "a WorkSpace ID such as ws-0a1b2c3d4",
    }],
};

/// Finds an existing standby by `ws-…`, by `ws-…@region` or by identity. Importing a WorkSpace that is
/// not a standby fails and names its kind. Terraform reads the standby right after.
pub(super) async fn import(session: &Session, target: ImportTarget) -> Outcome {
    imported(find(session, &target).await)
}

async fn find(session: &Session, target: &ImportTarget) -> Result<Stored, Diagnostic> {
    let wanted = Wanted::parse(&FORM, target)?;
    let (id, Place { region, account }) = (wanted.id(), wanted.place(session).await?);
    let what = format!("import {id} from {}", region.name());
    let found = region.find(&id).await.map_err(|error| explain(&what, &error))?;
    let refused = |detail| Diagnostic::error(format!("Could not {what}"), detail);
    let found = found.ok_or_else(|| refused(wanted.not_found("WorkSpace", region.name())))?;
    if let Some(what_it_is) = not_a_standby(&found) {
        return Err(refused(what_it_is));
    }
    // Terraform reads everything else right after this.
    let identity = Attr::Known(Identity::new(account.as_ref(), region.name(), &id));
    let region = Attr::from(region.name());
    let state = Standby { id: Attr::Known(id), region, ..Standby::default() };
    Ok(Stored { state, identity, ..Stored::default() })
}

/// What a WorkSpace is if it is not a standby.
pub(in crate::provider) fn not_a_standby(found: &WorkSpace) -> Option<String> {
    if found.primary.is_some() {
        return None;
    }
    Some(match found.standbys.as_slice() {
        [] => format!(
            "{} is an ordinary WorkSpace: it has no primary and no standby. It cannot become a \
             standby. To create a standby for it, set primary_workspace_id to its ID.",
            found.id
        ),
        standbys => {
            let standbys: Vec<String> = standbys
                .iter()
                .map(|standby| match &standby.region {
                    Some(region) => format!("{}@{region}", standby.id),
                    None => standby.id.clone(),
                })
                .collect();
            format!(
                "{} is a primary WorkSpace, not a standby. Its standby is {}: import that.",
                found.id,
                standbys.join(" and ")
            )
        }
    })
}
