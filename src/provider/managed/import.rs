use regex::Regex;

use crate::aws::{Account, Region};
use crate::provider::instance::ImportTarget;
use crate::provider::region::{REGION, is_region};
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path, Value};

/// The form of an account id.
pub(in crate::provider) const ACCOUNT_ID: &str = "^[0-9]{12}$";

/// How the instances of a resource type are named in an import.
#[derive(Debug)]
pub(in crate::provider) struct ImportForm {
    pub(in crate::provider) type_name: &'static str,
    /// What an id is, such as "a WorkSpace id".
    pub(in crate::provider) noun: &'static str,
    /// Whose id it is, such as "the WorkSpace id of the standby".
    pub(in crate::provider) whose: &'static str,
    /// An example of an id.
    pub(in crate::provider) example: &'static str,
    /// The parts of an id, with a slash between them.
    pub(in crate::provider) parts: &'static [Part],
}

/// A part of an id, which is an attribute of the identity.
#[derive(Debug)]
pub(in crate::provider) struct Part {
    pub(in crate::provider) attribute: &'static str,
    pub(in crate::provider) pattern: &'static str,
    /// What is expected, such as "a WorkSpace id such as ws-0a1b2c3d4".
    pub(in crate::provider) expected: &'static str,
}

/// What an import names: by `ID`, by `ID@region` or by identity.
#[derive(Debug)]
pub(in crate::provider) struct Wanted {
    /// The parts of the id, in the order of the form.
    pub(in crate::provider) parts: Vec<String>,
    region: Option<String>,
    account_id: Option<String>,
    by_identity: bool,
}

/// Where an import looks.
pub(in crate::provider) struct Place {
    pub(in crate::provider) region: Region,
    pub(in crate::provider) account: Option<Account>,
}

impl Wanted {
    /// What the target names.
    ///
    /// # Errors
    /// The text or the identity does not have the form.
    pub(in crate::provider) fn parse(
        form: &ImportForm,
        target: &ImportTarget,
    ) -> Result<Self, Diagnostic> {
        match target {
            ImportTarget::Id(text) => Self::from_id(form, text),
            ImportTarget::Identity(identity) => Self::from_identity(form, identity),
        }
    }

    fn from_id(form: &ImportForm, text: &str) -> Result<Self, Diagnostic> {
        let (id, region) = match text.split_once('@') {
            Some((id, region)) => (id, Some(region)),
            None => (text, None),
        };
        let parts: Vec<&str> = id.split('/').collect();
        let fits = parts.len() == form.parts.len()
            && form.parts.iter().zip(&parts).all(|(part, text)| part.fits(text));
        let ImportForm { type_name, noun, whose, example, .. } = form;
        if !fits {
            let detail = format!(
                "{text:?} is not {noun}. Import {type_name} by {whose}, such as {example}, or by \
                 {example}@eu-west-1 if it is not in the provider's Region."
            );
            return Err(Diagnostic::error("Invalid import ID", detail));
        }
        if let Some(region) = region.filter(|region| !is_region(region)) {
            let detail = format!(
                "{region:?}, after the @, is not the name of a Region. Write the ID as \
                 {id}@eu-west-1, with the Region of the resource, or as {id} if that is the \
                 provider's Region."
            );
            return Err(Diagnostic::error("Invalid import ID", detail));
        }
        let region = region.map(str::to_owned);
        let parts = parts.into_iter().map(str::to_owned).collect();
        Ok(Self { parts, region, account_id: None, by_identity: false })
    }

    fn from_identity(form: &ImportForm, identity: &Value) -> Result<Self, Diagnostic> {
        const OPTIONAL: [Part; 2] = [
            Part {
                attribute: "region",
                pattern: REGION,
                expected: "a Region such as eu-west-1, or null",
            },
            Part {
                attribute: "account_id",
                pattern: ACCOUNT_ID,
                expected: "an account ID of 12 digits, or null",
            },
        ];
        let text = |name: &str| identity.get(name).as_str().map(str::to_owned);
        let given = |part: &&Part| !identity.get(part.attribute).is_null();
        let fits = |part: &Part| text(part.attribute).is_some_and(|text| part.fits(&text));
        let unfit = form.parts.iter().chain(OPTIONAL.iter().filter(given)).find(|part| !fits(part));
        if let Some(Part { attribute, expected, .. }) = unfit {
            let text = text(attribute).unwrap_or_default();
            let detail = format!("Expected {expected}, but {attribute} is {text:?}.");
            let error = Diagnostic::error("Invalid import identity", detail);
            return Err(error.at(Path::attribute(*attribute)));
        }
        Ok(Self {
            parts: form.parts.iter().filter_map(|part| text(part.attribute)).collect(),
            region: text("region"),
            account_id: text("account_id"),
            by_identity: true,
        })
    }

    /// The id as an import names it.
    pub(in crate::provider) fn id(&self) -> String {
        self.parts.join("/")
    }

    /// The Region that is named, or else the provider's, and the account.
    ///
    /// # Errors
    /// There is no Region, or the credentials belong to another account than the identity.
    pub(in crate::provider) async fn place(&self, session: &Session) -> Result<Place, Diagnostic> {
        let id = self.id();
        let region_name = match &self.region {
            Some(region) => region.clone(),
            None => session.client.default_region().await.ok_or_else(|| {
                let detail = "Neither the import nor the provider has a Region. Write the ID as \
                              ID@REGION, or set region in the provider block.";
                Diagnostic::error(format!("Could not import {id}"), detail)
            })?,
        };
        let account = session.account().await;
        if let (Some(wanted), Some(account)) = (&self.account_id, &account)
            && *wanted != account.id
        {
            let detail = format!(
                "The identity has the account {wanted}, but the credentials belong to {}. Use a \
                 provider configuration for the account {wanted}.",
                account.id
            );
            let error = Diagnostic::error(format!("Could not import {id}"), detail);
            return Err(error.at(Path::attribute("account_id")));
        }
        Ok(Place { region: session.client.region(&region_name).await, account })
    }

    /// That AWS shows nothing under the id, and what to do. `noun` is what it would be.
    pub(in crate::provider) fn not_found(&self, noun: &str, region: &str) -> String {
        let id = &self.id();
        // The other parts do not name what AWS does not show.
        let shown = self.parts.first().unwrap_or(id);
        let advice = match (&self.region, self.by_identity) {
            (Some(_), true) => "Check the ID and the region of the identity".to_owned(),
            (Some(_), false) => "Check the ID and the Region after the @".to_owned(),
            (None, true) => "If it is in another Region, set region in the identity".to_owned(),
            (None, false) => format!("If it is in another Region, write the ID as {id}@REGION"),
        };
        format!("AWS shows no {noun} {shown} in {region}. {advice}.")
    }
}

/// An `import` block.
pub(in crate::provider) fn import_block(type_name: &str, id: &str, region: &str) -> String {
    format!("import {{\n  to = {type_name}.NAME\n  id = \"{id}@{region}\"\n}}\n")
}

impl Part {
    fn fits(&self, text: &str) -> bool {
        Regex::new(self.pattern).expect("the expression is a constant").is_match(text)
    }
}
