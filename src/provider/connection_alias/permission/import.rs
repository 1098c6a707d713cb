use crate::provider::attr::Attr;
use crate::provider::connection_alias::ALIAS;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::connection_alias::private::Private;
use crate::provider::instance::{ImportTarget, Outcome};
use crate::provider::managed::import::{ACCOUNT_ID, ImportForm, Part, Place, Wanted};
use crate::provider::managed::stored::imported;
use crate::provider::session::Session;
use crate::tf::Diagnostic;

use super::model::{Permission, Stored};
use super::schema::TYPE_NAME;

const FORM: ImportForm = ImportForm {
    type_name: TYPE_NAME,
    noun: "an alias ID, a slash and an account ID",
    whose: "the ID of the connection alias and the account that it is shared with",
    example: "wsca-0a1b2c3d4/123456789012",
    parts: &[
        ALIAS,
        Part {
            attribute: "shared_account_id",
            pattern: ACCOUNT_ID,
            expected: "an account ID of 12 digits",
        },
    ],
};

/// Finds a permission by `wsca-…/ACCOUNT`, by `wsca-…/ACCOUNT@region` or by identity.
pub(super) async fn import(session: &Session, target: ImportTarget) -> Outcome {
    imported(find(session, &target).await)
}

async fn find(session: &Session, target: &ImportTarget) -> Result<Stored, Diagnostic> {
    let wanted = Wanted::parse(&FORM, target)?;
    let Place { region, account } = wanted.place(session).await?;
    let part = |index: usize| wanted.parts.get(index).map_or("", String::as_str);
    let (alias, shared_account) = (part(0), part(1));
    let what = format!("import {} from {}", wanted.id(), region.name());
    let found = region.connection_aliases().shared_with(alias).await;
    let found = found.map_err(|error| explain_alias(&what, &error))?;
    let refused = |detail| Diagnostic::error(format!("Could not {what}"), detail);
    let accounts =
        found.ok_or_else(|| refused(wanted.not_found("connection alias", region.name())))?;
    if !accounts.iter().any(|account| account == shared_account) {
        return Err(refused(not_shared(alias, shared_account, &accounts)));
    }
    let state = Permission {
        alias_id: alias.into(),
        shared_account_id: shared_account.into(),
        region: region.name().into(),
    };
    let identity = Attr::Known(state.identity(account.as_ref(), region.name()));
    Ok(Stored { state, identity, private: Private::of(account.as_ref()) })
}

fn not_shared(alias: &str, account: &str, accounts: &[String]) -> String {
    match accounts {
        [] => format!("{alias} is not shared with any account, so there is nothing to import."),
        accounts => format!(
            "{alias} is not shared with {account}. It is shared with {}.",
            accounts.join(" and ")
        ),
    }
}
