use regex::Regex;

use crate::aws::{Account, WorkSpace};
use crate::provider::attr::{Attr, Field};
use crate::provider::explain::explain;
use crate::provider::instance::{ImportTarget, Instance, Outcome};
use crate::provider::region::{REGION, is_region};
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::identity::Identity;
use super::model::{Standby, Stored};
use super::schema::{TYPE_NAME, WORKSPACE_ID, is_workspace_id};

/// Finds an existing standby by `ws-…`, by `ws-…@region` or by identity. Importing a WorkSpace that is
/// not a standby fails and names its kind. Terraform reads the standby right after.
pub(super) async fn import(session: &Session, target: ImportTarget) -> Outcome {
    match find(session, target).await {
        Ok(found) => found.with(Diagnostics::new()),
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

/// The standby that an import names.
struct Wanted {
    id: String,
    region: Option<String>,
    account_id: Option<String>,
    by_identity: bool,
}

async fn find(session: &Session, target: ImportTarget) -> Result<Stored, Diagnostic> {
    let wanted = match target {
        ImportTarget::Id(text) => Wanted::from_id(&text)?,
        ImportTarget::Identity(identity) => Wanted::from_identity(&identity)?,
    };
    let id = wanted.id.as_str();
    let region_name = match &wanted.region {
        Some(region) => region.clone(),
        None => session.client.default_region().await.ok_or_else(|| {
            let detail = "Neither the import nor the provider has a Region. Write the id as \
                          ID@REGION, or set region in the provider block.";
            Diagnostic::error(format!("Could not import {id}"), detail)
        })?,
    };
    let account = session.account().await;
    wanted.check_account(account.as_ref())?;
    let region = session.client.region(&region_name).await;
    let what = format!("import {id} from {region_name}");
    let found = region.find(id).await.map_err(|error| explain(&what, &error))?;
    let refused = |detail| Diagnostic::error(format!("Could not {what}"), detail);
    let found = found.ok_or_else(|| refused(wanted.not_found(&region_name)))?;
    if let Some(what_it_is) = not_a_standby(&found) {
        return Err(refused(what_it_is));
    }
    // Terraform reads everything else right after this.
    let state =
        Standby { id: id.into(), region: region_name.as_str().into(), ..Standby::default() };
    let identity = Attr::Known(Identity::new(account.as_ref(), &region_name, id));
    Ok(Stored { state, identity, ..Stored::default() })
}

impl Wanted {
    fn from_id(text: &str) -> Result<Self, Diagnostic> {
        let (id, region) = match text.split_once('@') {
            Some((id, region)) => (id, Some(region)),
            None => (text, None),
        };
        if !is_workspace_id(id) {
            let detail = format!(
                "{text:?} is not a WorkSpace id. Import {TYPE_NAME} by the WorkSpace id of the \
                 standby, such as ws-0a1b2c3d4, or by ws-0a1b2c3d4@eu-west-1 if it is not in the \
                 provider's Region."
            );
            return Err(Diagnostic::error("Invalid import id", detail));
        }
        if let Some(region) = region.filter(|region| !is_region(region)) {
            let detail = format!(
                "{region:?}, after the @, is not the name of a Region. Write the id as \
                 {id}@eu-west-1, with the Region of the standby, or as {id} if that is the \
                 provider's Region."
            );
            return Err(Diagnostic::error("Invalid import id", detail));
        }
        let region = region.map(str::to_owned);
        Ok(Self { id: id.to_owned(), region, account_id: None, by_identity: false })
    }

    fn from_identity(identity: &Value) -> Result<Self, Diagnostic> {
        let identity = Identity::decode(identity).unwrap_or_default();
        let parts = [
            ("id", &identity.id, WORKSPACE_ID, "a WorkSpace id such as ws-0a1b2c3d4"),
            ("region", &identity.region, REGION, "a Region such as eu-west-1, or null"),
            ("account_id", &identity.account_id, ACCOUNT_ID, "an account id of 12 digits, or null"),
        ];
        for (name, value, form, expected) in parts {
            if value.is_null() && name != "id" {
                continue;
            }
            let text = value.text();
            let form = Regex::new(form).expect("the expression is a constant");
            if !form.is_match(&text) {
                let detail = format!("Expected {expected}, but {name} is {text:?}.");
                let error = Diagnostic::error("Invalid import identity", detail);
                return Err(error.at(Path::attribute(name)));
            }
        }
        Ok(Self {
            id: identity.id.text(),
            region: identity.region.known().cloned(),
            account_id: identity.account_id.known().cloned(),
            by_identity: true,
        })
    }

    fn check_account(&self, account: Option<&Account>) -> Result<(), Diagnostic> {
        let (Some(wanted), Some(account)) = (&self.account_id, account) else { return Ok(()) };
        if *wanted == account.id {
            return Ok(());
        }
        let detail = format!(
            "The identity has the account {wanted}, but the credentials belong to {}. Use a \
             provider configuration for the account {wanted}.",
            account.id
        );
        let error = Diagnostic::error(format!("Could not import {}", self.id), detail);
        Err(error.at(Path::attribute("account_id")))
    }

    fn not_found(&self, region: &str) -> String {
        let id = &self.id;
        let advice = match (&self.region, self.by_identity) {
            (Some(_), true) => "Check the id and the region of the identity".to_owned(),
            (Some(_), false) => "Check the id and the Region after the @".to_owned(),
            (None, true) => "If it is in another Region, set region in the identity".to_owned(),
            (None, false) => format!("If it is in another Region, write the id as {id}@REGION"),
        };
        format!("AWS shows no WorkSpace {id} in {region}. {advice}.")
    }
}

const ACCOUNT_ID: &str = "^[0-9]{12}$";

/// What a WorkSpace is if it is not a standby.
pub(in crate::provider) fn not_a_standby(found: &WorkSpace) -> Option<String> {
    if found.primary.is_some() {
        return None;
    }
    Some(match found.standbys.as_slice() {
        [] => format!(
            "{} is an ordinary WorkSpace: it has no primary and no standby. It cannot become a \
             standby. To create a standby for it, set primary_workspace_id to its id.",
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
