//! Why AWS cannot be reached with the provider block and the environment, in words.

use crate::aws::{Attempt, BadConnection, CredentialSource, CredentialStep, NoCredentials};
use crate::tf::{Diagnostic, Path};

use super::config::Configuration;
use super::explain::{capitalized, explain};

/// What can be done where no place has credentials.
const GIVE_SOME: &str = "Give the provider credentials: access_key and secret_key or profile in the \
                         provider block, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or \
                         AWS_PROFILE in the environment, or a role of the machine that Terraform \
                         runs on.";

/// Settings with which no connection can be made.
pub(super) fn bad_connection(bad: &BadConnection, in_block: impl Fn(&str) -> bool) -> Diagnostic {
    let (argument, summary, detail) = match bad {
        BadConnection::HttpProxy => ("http_proxy", "Invalid proxy", proxy("http_proxy", "HTTP_PROXY")),
        BadConnection::HttpsProxy if in_block("https_proxy") || !in_block("http_proxy") => {
            ("https_proxy", "Invalid proxy", proxy("https_proxy", "HTTPS_PROXY"))
        }
        // It stands in for the other.
        BadConnection::HttpsProxy => ("http_proxy", "Invalid proxy", proxy("http_proxy", "HTTP_PROXY")),
        BadConnection::CaBundle { file, why } => (
            "custom_ca_bundle",
            "No certificates to trust",
            format!(
                "The file {file:?}, named by custom_ca_bundle or AWS_CA_BUNDLE, {why}. It has to \
                 hold the certificates of the authorities that AWS or a proxy on the way is known \
                 by, in PEM form."
            ),
        ),
        BadConnection::NoRoots => (
            "",
            "No certificates to trust",
            "This machine has no root certificates that could be read, by which AWS would be known. \
             Install them (the package ca-certificates on most systems), correct SSL_CERT_FILE and \
             SSL_CERT_DIR, or name a file of certificates as custom_ca_bundle."
                .to_owned(),
        ),
        BadConnection::NoTls(why) => ("", "TLS cannot be used", format!("{why}.")),
    };
    let diagnostic = Diagnostic::error(summary, detail);
    if in_block(argument) { diagnostic.at(Path::attribute(argument)) } else { diagnostic }
}

/// The address itself is not shown, because it may hold a password.
fn proxy(argument: &str, variable: &str) -> String {
    format!(
        "The address of the proxy ({argument}, or {variable} in the environment) is none that can \
         be used. Write it as http://host:port, or as https://host:port for a proxy that is reached \
         with TLS, with user:password@ before the host where the proxy asks for them."
    )
}

/// No credentials, or none from the role that was to be taken on.
pub(super) fn no_credentials(none: &NoCredentials, configuration: &Configuration) -> Diagnostic {
    let NoCredentials { step, error, attempts, sign_in } = none;
    let settings = &configuration.settings;
    match step {
        CredentialStep::WebIdentity => explain("take on the role with a web identity", error)
            .at(Path::attribute("assume_role_with_web_identity").index(0)),
        CredentialStep::Role(index) => {
            let role = settings.roles.get(*index).map_or("", |role| role.arn.as_str());
            explain(&format!("take on the role {role}"), error)
                .at(Path::attribute("assume_role").index(*index))
        }
        CredentialStep::NamedProfile => {
            let detail = format!(
                "{} names a profile that does not exist: {}.\n\nLooked for in {}. Correct the name, \
                 or add the profile to one of these files, for example with `aws configure`.",
                capitalized(configuration.profile_from),
                error.message,
                listed(&configuration.shared_files),
            );
            at_profile(Diagnostic::error("No such profile", detail), configuration)
        }
        CredentialStep::Chain => {
            let summary = "Could not find credentials for AWS";
            let Some(last) = attempts.last().filter(|last| last.failed) else {
                let detail = format!(
                    "None of the places that may have credentials gave any:\n{}\n\n{GIVE_SOME}",
                    looked(attempts, configuration)
                );
                return at_profile(Diagnostic::error(summary, detail), configuration);
            };
            let mut detail = format!(
                "{} was to give credentials and failed: {}.",
                capitalized(&place(last.source, configuration)),
                last.message
            );
            if let Some(command) = sign_in {
                detail += &format!(
                    "\n\nThe sign-in with IAM Identity Center has probably ended. Sign in again with \
                     `{command}`, and run Terraform again."
                );
            } else if last.message.contains("external process") {
                detail += "\n\nRun the program (credential_process) of the profile by hand to see \
                           what it says.";
            }
            if let [before @ .., _] = attempts.as_slice()
                && !before.is_empty()
            {
                detail += &format!("\n\nBefore that:\n{}", looked(before, configuration));
            }
            let diagnostic = Diagnostic::error(summary, detail);
            match last.source {
                CredentialSource::Profile => at_profile(diagnostic, configuration),
                _ => diagnostic,
            }
        }
    }
}

/// At the argument, where the provider block is what names the profile.
fn at_profile(diagnostic: Diagnostic, configuration: &Configuration) -> Diagnostic {
    if configuration.settings.profile_first {
        diagnostic.at(Path::attribute("profile"))
    } else {
        diagnostic
    }
}

/// A line for each place that was looked at.
fn looked(attempts: &[Attempt], configuration: &Configuration) -> String {
    let line = |attempt: &Attempt| {
        let said = match attempt.source {
            // The SDK does not say which.
            CredentialSource::Environment if !attempt.failed => "they are not both set",
            _ => attempt.message.as_str(),
        };
        format!("\n  - {}: {said}", place(attempt.source, configuration))
    };
    let mut lines = String::new();
    if !configuration.settings.profile_first {
        lines += "\n  - the provider block: access_key and secret_key are not set";
    }
    lines.extend(attempts.iter().map(line));
    let machine =
        attempts.iter().any(|attempt| attempt.source == CredentialSource::InstanceMetadata);
    if !machine && configuration.settings.metadata.disabled {
        lines += "\n  - the machine's metadata (EC2): not to be asked, because of \
                  skip_metadata_api_check or AWS_EC2_METADATA_DISABLED";
    }
    lines
}

fn place(source: CredentialSource, configuration: &Configuration) -> String {
    match source {
        CredentialSource::Environment => {
            "the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)".to_owned()
        }
        CredentialSource::WebIdentity => {
            "a web identity (AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN)".to_owned()
        }
        CredentialSource::Profile => {
            let name = configuration.settings.profile.as_deref().unwrap_or("default");
            format!("the profile {name:?} in {}", listed(&configuration.shared_files))
        }
        CredentialSource::Container => "the container (AWS_CONTAINER_CREDENTIALS_FULL_URI or \
                             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)"
            .to_owned(),
        CredentialSource::InstanceMetadata => "the machine's metadata (EC2)".to_owned(),
    }
}

fn listed(names: &[String]) -> String {
    names.join(" and ")
}
