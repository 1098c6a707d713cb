//! What is said about an association that did not go well.

use crate::aws::{AliasAssociation, ConnectionAlias, Error, Kind};
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::explain::said;
use crate::provider::managed::import::import_block;
use crate::provider::wait::{Interrupted, Why};
use crate::tf::{Diagnostic, Path};

use super::schema::TYPE_NAME;

/// What to do about an association in the way.
const REMOVE_FIRST: &str = "Remove that association first, where it is managed. If the resource has the \
    lifecycle argument create_before_destroy, remove the argument: the old association must go first.";

/// An alias and the directory to which it is to lead.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) alias: &'a str,
    pub(super) directory: &'a str,
    pub(super) region: &'a str,
}

impl Pair<'_> {
    fn what(self) -> String {
        format!("associate {} with {} in {}", self.alias, self.directory, self.region)
    }

    fn import(self) -> String {
        import_block(TYPE_NAME, self.alias, self.region)
    }
}

pub(super) fn no_region() -> Diagnostic {
    let detail = "The plan has no Region. Set region in the provider block.";
    Diagnostic::error("Could not associate a connection alias", detail)
}

pub(super) fn not_begun(pair: Pair<'_>) -> Diagnostic {
    let detail = "Terraform was interrupted before the request was sent. Apply again to continue.";
    Diagnostic::error(format!("Could not {}", pair.what()), detail)
}

pub(super) fn refused(pair: Pair<'_>, error: &Error) -> Diagnostic {
    let diagnostic = explain_alias(&pair.what(), error);
    let names = |text: &str| error.message.contains(text);
    match error.kind {
        Kind::NotFound | Kind::InvalidParameter | Kind::InvalidState if names(pair.directory) => {
            diagnostic.at(Path::attribute("directory_id"))
        }
        Kind::NotFound | Kind::InvalidParameter | Kind::InvalidState if names(pair.alias) => {
            diagnostic.at(Path::attribute("alias_id"))
        }
        _ => diagnostic,
    }
}

/// The alias or the directory is associated already. `shown` is what AWS shows of both, or why it does
/// not.
pub(super) fn in_use(
    pair: Pair<'_>,
    error: &Error,
    shown: &Result<Vec<ConnectionAlias>, Option<Error>>,
) -> Diagnostic {
    let not_looked_up =
        shown.as_ref().err().map(|error| format!(" {}", not_looked_up(error.as_ref())));
    let shown = shown.as_deref().unwrap_or_default();
    let Pair { alias, directory, .. } = pair;
    let directory_of = |found: &ConnectionAlias| {
        found.associations.first().and_then(|association| association.directory_id.clone())
    };
    let own = shown.iter().find(|found| found.id == alias);
    let leads_to = own.and_then(directory_of);
    let other = shown.iter().find(|found| found.id != alias);
    let mut associations = shown.iter().flat_map(|alias| &alias.associations).peekable();
    let is_ending = associations.peek().is_some() && associations.all(AliasAssociation::is_ending);
    let (detail, attribute) = match (leads_to, other) {
        _ if is_ending => (
            format!(
                "An association of {alias} or of {directory} is still being removed. Apply \
                 again later, or set timeouts {{ create = \"1h\" }} to wait longer."
            ),
            None,
        ),
        (Some(found), _) if found == directory => (
            format!(
                "The alias {alias} is associated with {directory} already. If no other configuration \
                 manages this association, add this block with the address of the resource, and \
                 apply again:\n\n{}",
                pair.import()
            ),
            Some("alias_id"),
        ),
        (Some(found), _) => (
            format!(
                "The alias {alias} is associated with {found}, and an alias redirects to one \
                 directory. {REMOVE_FIRST}"
            ),
            Some("alias_id"),
        ),
        (None, Some(other)) => (
            format!(
                "The directory {directory} has the alias {} ({}), and a directory has one alias. \
                 {REMOVE_FIRST}",
                other.id,
                other.connection_string.as_deref().unwrap_or("AWS does not show its name"),
            ),
            Some("directory_id"),
        ),
        (None, None) => (
            format!(
                "Another alias is associated with {directory}, or {alias} is associated with \
                 another directory, and AWS does not show which.{} If the alias belongs to \
                 another account, that account or one that it is shared with may have associated \
                 it. Look under Cross-Region redirection in the WorkSpaces console in {}.",
                not_looked_up.unwrap_or_default(),
                pair.region
            ),
            None,
        ),
    };
    let summary = format!("Could not {}", pair.what());
    let diagnostic = Diagnostic::error(summary, format!("{}\n\n{detail}", said(error)));
    match attribute {
        Some(attribute) => diagnostic.at(Path::attribute(attribute)),
        None => diagnostic,
    }
}

/// A request without an answer. `is_associated` says whether the alias leads to the directory now, which
/// does not prove that this request did it, or why AWS does not say.
pub(super) fn lost(
    pair: Pair<'_>,
    error: Option<&Error>,
    is_associated: &Result<bool, Option<Error>>,
) -> Diagnostic {
    let Pair { alias, directory, .. } = pair;
    let why = error.map_or_else(
        || "AWS did not answer in time. To wait longer, set timeouts { create = … }.".to_owned(),
        said,
    );
    let advice = match is_associated {
        Ok(true) => format!(
            "{alias} is associated with {directory} now, by this request or by another one. If \
             no other configuration manages this association, add this block with the address of \
             the resource, and apply again:\n\n{}",
            pair.import()
        ),
        Ok(false) => {
            format!("AWS does not show {alias} as associated with {directory}. Apply again.")
        }
        Err(error) => format!(
            "{} Then apply again. If AWS says that {alias} is associated with {directory} already, add \
             this block with the address of the resource:\n\n{}",
            not_looked_up(error.as_ref()),
            pair.import()
        ),
    };
    let summary = format!("{alias} may or may not have been associated with {directory}");
    Diagnostic::error(summary, format!("{why}\n\n{advice}"))
}

/// Why the alias could not be looked up, and what to do.
fn not_looked_up(error: Option<&Error>) -> String {
    let Some(error) = error else {
        return "AWS did not answer the look-up of the alias in time. Wait a moment.".to_owned();
    };
    let advice = match error.kind {
        Kind::Credentials => "Renew the credentials.",
        Kind::AccessDenied => "Allow workspaces:DescribeConnectionAliases.",
        _ => "Wait a moment.",
    };
    format!("The provider could not look up the alias. {} {advice}", said(error))
}

/// An association that began and was given up.
pub(super) fn failed(pair: Pair<'_>, alias: Option<&ConnectionAlias>) -> Diagnostic {
    let Pair { alias: id, directory, region } = pair;
    let detail = format!(
        "AWS accepted the association of {id} with {directory} and has removed it since: {}. Check the \
         alias and the directory in the WorkSpaces console in {region}, and apply again.",
        alias.map_or_else(
            || "the alias is gone".to_owned(),
            |alias| format!("the status of the alias is {}", alias.status())
        )
    );
    Diagnostic::error(format!("Could not {}", pair.what()), detail)
}

/// An association that is not complete yet. It is in the state in any case.
pub(super) fn not_complete(
    pair: Pair<'_>,
    interrupted: &Interrupted<ConnectionAlias>,
) -> Diagnostic {
    let Pair { alias, directory, .. } = pair;
    let described = interrupted.described();
    let summary = format!("The association of {alias} with {directory} is not complete yet");
    match &interrupted.why {
        Why::TimedOut(_) => Diagnostic::error(
            summary,
            format!(
                "{described}\n\nIt is in the state and marked as tainted: the next apply replaces \
                 it. To keep it, run:\n\n  terraform untaint {TYPE_NAME}.NAME\n\nwith the address \
                 of the resource. To wait longer, set timeouts {{ create = \"1h\" }}."
            ),
        ),
        Why::Stopped => Diagnostic::warning(
            summary,
            format!("{described} It is in the state. `terraform plan` shows its current status."),
        ),
        Why::Failed(error) => {
            let advice = match error.kind {
                Kind::Credentials => "Renew the credentials, and run",
                Kind::AccessDenied => "Allow workspaces:DescribeConnectionAliases, and run",
                _ => "Run",
            };
            Diagnostic::warning(
                summary,
                format!(
                    "The provider cannot wait for it any longer. {described}\n\nIt is in the state. \
                     {advice} `terraform apply -refresh-only` to see its current status."
                ),
            )
        }
    }
}
