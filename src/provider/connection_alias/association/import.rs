use crate::aws::ConnectionAlias;
use crate::provider::attr::Attr;
use crate::provider::connection_alias::ALIAS;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::private::Private;
use crate::provider::instance::{ImportTarget, Outcome};
use crate::provider::managed::import::{ImportForm, Place, Wanted};
use crate::provider::managed::stored::imported;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

use super::model::{Association, Identity, Stored, own};
use super::schema::TYPE_NAME;

const FORM: ImportForm = ImportForm {
    type_name: TYPE_NAME,
    noun: "an alias ID",
    whose: "the ID of the connection alias",
    example: "wsca-0a1b2c3d4",
    parts: &[ALIAS],
};

/// Finds the association of an alias by `wsca-…`, by `wsca-…@region` or by identity.
pub(super) async fn import(session: &Session, target: ImportTarget) -> Outcome {
    imported(find(session, &target).await)
}

async fn find(session: &Session, target: &ImportTarget) -> Result<Stored, Diagnostic> {
    let wanted = Wanted::parse(&FORM, target)?;
    let (id, Place { region, account }) = (wanted.id(), wanted.place(session).await?);
    let what = format!("import {id} from {}", region.name());
    let found = region.connection_aliases().find(&id).await;
    let found = found.map_err(|error| explain_alias(&what, &error))?;
    let refused = |detail| Diagnostic::error(format!("Could not {what}"), detail);
    let found =
        found.ok_or_else(|| refused(wanted.not_found("connection alias", region.name())))?;
    let association = own(&found, account.as_ref());
    let directory = association.and_then(|association| association.directory_id.clone());
    let directory = directory.ok_or_else(|| refused(not_associated(&found)))?;
    let identity = Attr::Known(Identity::new(account.as_ref(), region.name(), &id));
    // Terraform reads everything else right after this.
    let state = Association {
        alias_id: Attr::Known(id),
        directory_id: Attr::Known(directory),
        region: region.name().into(),
        ..Association::default()
    };
    Ok(Stored { state, identity, private: Private::of(account.as_ref()) })
}

fn not_associated(alias: &ConnectionAlias) -> String {
    let other = own(alias, None).and_then(|association| association.account_id.as_deref());
    if let Some(account) = other {
        return format!(
            "{} was associated with a directory by the account {account}. Import the association \
             with credentials of that account.",
            alias.id
        );
    }
    format!(
        "The status of {} is {}: it is not associated with a directory, so there is nothing to \
         import. To associate it, apply a resource with this alias_id.",
        alias.id,
        alias.status()
    )
}
