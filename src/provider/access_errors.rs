//! Messages about connections and credentials.

use crate::aws::{
    Access, Attempt, BadConnection, CredentialSource, CredentialStep, NoCredentials, Source,
};
use crate::tf::{Diagnostic, Path};

use super::config::Configuration;
use super::explain::{capitalized, explain};

/// What to do if no source has credentials.
const GIVE_SOME: &str = "Configure credentials: access_key and secret_key or profile in the provider \
                         block, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE in the \
                         environment, or a role of the machine that runs Terraform.";

/// Settings that make connections impossible.
pub(super) fn bad_connection(bad: &BadConnection) -> Diagnostic {
    let (argument, summary, detail) = match bad {
        BadConnection::Proxy { place, argument } => (*argument, "Invalid proxy", proxy(place)),
        BadConnection::CaBundle { place, argument, file, why } => (
            *argument,
            "Invalid CA bundle",
            format!(
                "The file {file:?}, set by {place}, {why}. It must contain the certificates of the \
                 authorities of AWS or of a proxy, in PEM format."
            ),
        ),
        BadConnection::NoRoots => (
            None,
            "No root certificates",
            "No root certificates were found on this machine. Install them (the package \
             ca-certificates on most systems), correct SSL_CERT_FILE and SSL_CERT_DIR, or set \
             custom_ca_bundle to a file with certificates."
                .to_owned(),
        ),
        BadConnection::NoAddress => {
            (None, "Invalid endpoint", format!("{}.", capitalized(&bad.to_string())))
        }
        BadConnection::NoTls(why) => (None, "TLS is not available", format!("{why}.")),
    };
    let diagnostic = Diagnostic::error(summary, detail);
    match argument {
        Some(argument) => diagnostic.at(Path::attribute(argument)),
        None => diagnostic,
    }
}

/// The URL itself is not shown, because it may contain a password.
fn proxy(place: &str) -> String {
    format!(
        "{} is not a valid proxy URL. Expected http://host:port, https://host:port for a proxy that \
         uses TLS, or socks5://host:port, with user:password@ before the host if the proxy requires \
         them.",
        capitalized(place)
    )
}

/// No credentials were found, or a role could not be assumed.
pub(super) fn no_credentials(
    none: &NoCredentials,
    configuration: &Configuration,
    access: &Access,
) -> Diagnostic {
    let NoCredentials { step, error, attempts, sign_in } = none;
    match step {
        CredentialStep::WebIdentity => explain("assume the role with a web identity", error)
            .at(Path::attribute("assume_role_with_web_identity").index(0)),
        CredentialStep::Role(index) => {
            let role =
                configuration.settings.roles.get(*index).map_or("", |role| role.arn.as_str());
            explain(&format!("assume the role {role}"), error)
                .at(Path::attribute("assume_role").index(*index))
        }
        CredentialStep::NamedProfile => {
            let place = access.profile.as_ref().map(|profile| profile.source.sentence_start());
            let detail = format!(
                "{} sets a profile that does not exist: {}.\n\nFiles that were searched: {}. Correct \
                 the name, or add the profile to one of these files, for example with `aws \
                 configure`.",
                place.unwrap_or_default(),
                error.message,
                listed(&access.shared_files),
            );
            at_profile(Diagnostic::error("No such profile", detail), access)
        }
        CredentialStep::Chain => {
            let summary = "No valid credential sources found";
            let Some(last) = attempts.last().filter(|last| last.failed) else {
                let detail = format!(
                    "{GIVE_SOME}\n\nSources that were tried:\n{}",
                    listed_attempts(attempts, access)
                );
                return at_profile(Diagnostic::error(summary, detail), access);
            };
            let mut detail = format!(
                "{} returned an error while providing credentials: {}.",
                capitalized(&place(last.source, access)),
                last.message
            );
            if let Some(command) = sign_in {
                detail += &format!("\n\nSign in with `{command}`, and run Terraform again.");
            } else if last.message.starts_with("credential_process") {
                detail += "\n\nRun the credential_process command of the profile by hand to see its \
                           output.";
            }
            if let [before @ .., _] = attempts.as_slice()
                && !before.is_empty()
            {
                detail += &format!(
                    "\n\nSources that were tried before:\n{}",
                    listed_attempts(before, access)
                );
            }
            let diagnostic = Diagnostic::error(summary, detail);
            match last.source {
                CredentialSource::Profile => at_profile(diagnostic, access),
                _ => diagnostic,
            }
        }
    }
}

/// At the argument, if the provider block sets the profile.
fn at_profile(diagnostic: Diagnostic, access: &Access) -> Diagnostic {
    match access.profile.as_ref().map(|profile| &profile.source) {
        Some(Source::Argument(name)) => diagnostic.at(Path::attribute(*name)),
        _ => diagnostic,
    }
}

/// A line for each source that was tried.
fn listed_attempts(attempts: &[Attempt], access: &Access) -> String {
    let line =
        |attempt: &Attempt| format!("\n  - {}: {}", place(attempt.source, access), attempt.message);
    let mut lines = String::from("\n  - the provider block: access_key and secret_key are not set");
    lines.extend(attempts.iter().map(line));
    if let Some(by) = &access.metadata_disabled {
        lines += &format!("\n  - the EC2 instance metadata service: skipped because of {by}");
    }
    lines
}

fn place(source: CredentialSource, access: &Access) -> String {
    match source {
        CredentialSource::Environment => {
            "the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)".to_owned()
        }
        CredentialSource::WebIdentity => {
            "a web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN)".to_owned()
        }
        CredentialSource::Profile => {
            format!("the profile {:?} in {}", access.profile_name(), listed(&access.shared_files))
        }
        CredentialSource::Container => "the container (AWS_CONTAINER_CREDENTIALS_FULL_URI or \
                             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)"
            .to_owned(),
        CredentialSource::InstanceMetadata => "the EC2 instance metadata service".to_owned(),
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "no shared file, because the home directory is not known".to_owned(),
        some => some.join(" and "),
    }
}
