use std::sync::LazyLock;

use regex::Regex;

use crate::aws::WorkSpace;
use crate::provider::explain::explain;
use crate::provider::session::Session;
use crate::provider::{ImportTarget, Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::schema::{WORKSPACE_ID, schema};
use super::{TYPE_NAME, identity};

/// Finds an existing standby for Terraform to take over: by `ws-…`, by `ws-…@region` or by
/// identity. What is no standby is refused, saying what it is. Terraform reads it right after.
pub(in crate::provider) async fn import(session: &Session, target: ImportTarget) -> Outcome {
    match find(session, target).await {
        Ok(instance) => Outcome { instance, diagnostics: Diagnostics::new() },
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

async fn find(session: &Session, target: ImportTarget) -> Result<Instance, Diagnostic> {
    let mut by_identity = false;
    let wanted = match target {
        ImportTarget::Id(text) => parse(&text)?,
        ImportTarget::Identity(identity) => {
            for (name, form, expected) in IDENTITY_FORMS {
                check_form(&identity, name, form, expected)?;
            }
            let text = |name: &str| identity.get(name).as_str().map(str::to_owned);
            let id = text("id").unwrap_or_default();
            by_identity = true;
            Wanted { id, region: text("region"), account_id: text("account_id") }
        }
    };
    let region_name = match &wanted.region {
        Some(region) => region.clone(),
        None => session.cloud.default_region().await.ok_or_else(|| {
            let detail = "Neither the import nor the provider names a Region. Write the id as \
                          ID@REGION, or set region in the provider block.";
            Diagnostic::error(format!("Could not import {}", wanted.id), detail)
        })?,
    };
    let account = session.account().await;
    if let (Some(wanted_account), Some(account)) = (&wanted.account_id, &account)
        && *wanted_account != account.id
    {
        let detail = format!(
            "The identity names the account {wanted_account}, but the credentials belong to {}. \
             Use a provider configuration for that account.",
            account.id
        );
        let path = Path::attribute("account_id");
        return Err(Diagnostic::error(format!("Could not import {}", wanted.id), detail).at(path));
    }
    let region = session.cloud.region(&region_name).await;
    let what = format!("import {} from {region_name}", wanted.id);
    let found = region.find(&wanted.id).await.map_err(|error| explain(&what, &error))?;
    let found = found.ok_or_else(|| {
        let advice = match (&wanted.region, by_identity) {
            (Some(_), true) => "Check the id and the region of the identity".to_owned(),
            (Some(_), false) => "Check the id and the Region behind the @".to_owned(),
            (None, true) => "If it is in another Region, set region in the identity".to_owned(),
            (None, false) => {
                format!("If it is in another Region, write the id as {}@REGION", wanted.id)
            }
        };
        let detail = format!("AWS shows no WorkSpace {} in {region_name}. {advice}.", wanted.id);
        Diagnostic::error(format!("Could not {what}"), detail)
    })?;
    if let Some(refusal) = no_standby(&found) {
        return Err(Diagnostic::error(format!("Could not {what}"), refusal));
    }
    // Everything else is Terraform's to read, right after this.
    let mut state = Value::object(
        schema().block.attributes.iter().map(|attribute| (attribute.name, Value::Null)),
    );
    for nested in &schema().block.blocks {
        state.set(nested.name, Value::Null);
    }
    state.set("id", wanted.id.as_str().into());
    state.set("region", region_name.as_str().into());
    let identity = identity::of(account.as_ref(), &region_name, &wanted.id);
    Ok(Instance { state, private: Vec::new(), identity })
}

/// The attributes of an identity, their forms, and what to expect in words.
const IDENTITY_FORMS: [(&str, &str, &str); 3] = [
    ("id", WORKSPACE_ID, "a WorkSpace id such as ws-0a1b2c3d4"),
    ("region", "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", "a Region such as eu-west-1, or nothing"),
    ("account_id", "^[0-9]{12}$", "the twelve digits of an account, or nothing"),
];

fn check_form(identity: &Value, name: &str, form: &str, expected: &str) -> Result<(), Diagnostic> {
    let text = match identity.get(name) {
        Value::Null if name != "id" => return Ok(()),
        value => value.as_str().unwrap_or_default(),
    };
    let form = Regex::new(form).expect("the expression is a constant");
    if form.is_match(text) {
        return Ok(());
    }
    let detail = format!("The {name} of the identity is {text:?}; expected {expected}.");
    Err(Diagnostic::error("Invalid import identity", detail).at(Path::attribute(name)))
}

struct Wanted {
    id: String,
    region: Option<String>,
    account_id: Option<String>,
}

fn parse(text: &str) -> Result<Wanted, Diagnostic> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("^([^@]+)(?:@([a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}))?$")
            .expect("the expression is a constant")
    });
    let parts = FORM.captures(text).ok_or_else(|| malformed(text))?;
    let id = parts.get(1).map_or("", |part| part.as_str());
    if !is_workspace_id(id) {
        return Err(malformed(text));
    }
    let region = parts.get(2).map(|part| part.as_str().to_owned());
    Ok(Wanted { id: id.to_owned(), region, account_id: None })
}

fn is_workspace_id(text: &str) -> bool {
    static FORM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(WORKSPACE_ID).expect("the expression is a constant"));
    FORM.is_match(text)
}

fn malformed(text: &str) -> Diagnostic {
    if let Some((id, region)) = text.split_once('@')
        && is_workspace_id(id)
    {
        let detail = format!(
            "{region:?}, behind the @, is not the name of a Region. Write the id as \
             {id}@eu-west-1, with the Region that the standby is in, or as {id} where that is the \
             provider's Region."
        );
        return Diagnostic::error("Invalid import id", detail);
    }
    let detail = format!(
        "{text:?} is not the id of a WorkSpace. {TYPE_NAME} is imported by the standby's WorkSpace \
         id, such as ws-0a1b2c3d4, or by ws-0a1b2c3d4@eu-west-1 where it is not in the provider's \
         Region."
    );
    Diagnostic::error("Invalid import id", detail)
}

/// What a WorkSpace is instead of a standby; nothing where it is one.
pub(in crate::provider) fn no_standby(found: &WorkSpace) -> Option<String> {
    if found.primary.is_some() {
        return None;
    }
    Some(match found.standbys.as_slice() {
        [] => format!(
            "{} is an ordinary WorkSpace: it has no primary and no standby. It cannot be turned \
             into a standby, but it can be given one: name it as primary_workspace_id.",
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
                "{} is a primary WorkSpace, not a standby. Its standby is {}; import that.",
                found.id,
                standbys.join(" and ")
            )
        }
    })
}
