//! Messages about connections and credentials.

use crate::aws::{Attempt, BadConnection, CredentialSource, CredentialStep, NoCredentials};
use crate::tf::{Diagnostic, Path};

use super::config::Configuration;
use super::explain::{capitalized, explain};

/// What to do if no source has credentials.
const GIVE_SOME: &str = "Configure credentials: access_key and secret_key or profile in the provider \
                         block, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE in the \
                         environment, or a role of the machine that runs Terraform.";

/// Settings that make connections impossible.
pub(super) fn bad_connection(bad: &BadConnection, in_block: impl Fn(&str) -> bool) -> Diagnostic {
    let (argument, summary, detail) = match bad {
        BadConnection::HttpProxy => {
            ("http_proxy", "Invalid proxy", proxy("http_proxy", "HTTP_PROXY"))
        }
        BadConnection::HttpsProxy if in_block("https_proxy") || !in_block("http_proxy") => {
            ("https_proxy", "Invalid proxy", proxy("https_proxy", "HTTPS_PROXY"))
        }
        // http_proxy is used for https too.
        BadConnection::HttpsProxy => {
            ("http_proxy", "Invalid proxy", proxy("http_proxy", "HTTP_PROXY"))
        }
        BadConnection::CaBundle { file, why } => (
            "custom_ca_bundle",
            "Invalid CA bundle",
            format!(
                "The file {file:?}, set by custom_ca_bundle or AWS_CA_BUNDLE, {why}. It must contain \
                 the certificates of the authorities of AWS or of a proxy, in PEM format."
            ),
        ),
        BadConnection::NoRoots => (
            "",
            "No root certificates",
            "No root certificates were found on this machine. Install them (the package \
             ca-certificates on most systems), correct SSL_CERT_FILE and SSL_CERT_DIR, or set \
             custom_ca_bundle to a file with certificates."
                .to_owned(),
        ),
        BadConnection::NoTls(why) => ("", "TLS is not available", format!("{why}.")),
    };
    let diagnostic = Diagnostic::error(summary, detail);
    if in_block(argument) { diagnostic.at(Path::attribute(argument)) } else { diagnostic }
}

/// The URL itself is not shown, because it may contain a password.
fn proxy(argument: &str, variable: &str) -> String {
    format!(
        "The value of {argument}, or of {variable} in the environment, is not a valid proxy URL. \
         Expected http://host:port, or https://host:port for a proxy that uses TLS, with \
         user:password@ before the host if the proxy requires them."
    )
}

/// No credentials were found, or a role could not be assumed.
pub(super) fn no_credentials(none: &NoCredentials, configuration: &Configuration) -> Diagnostic {
    let NoCredentials { step, error, attempts, sign_in } = none;
    let settings = &configuration.settings;
    match step {
        CredentialStep::WebIdentity => explain("assume the role with a web identity", error)
            .at(Path::attribute("assume_role_with_web_identity").index(0)),
        CredentialStep::Role(index) => {
            let role = settings.roles.get(*index).map_or("", |role| role.arn.as_str());
            explain(&format!("assume the role {role}"), error)
                .at(Path::attribute("assume_role").index(*index))
        }
        CredentialStep::NamedProfile => {
            let detail = format!(
                "{} sets a profile that does not exist: {}.\n\nFiles that were searched: {}. Correct \
                 the name, or add the profile to one of these files, for example with `aws \
                 configure`.",
                capitalized(configuration.profile_from),
                error.message,
                listed(&configuration.shared_files),
            );
            at_profile(Diagnostic::error("No such profile", detail), configuration)
        }
        CredentialStep::Chain => {
            let summary = "No valid credential sources found";
            let Some(last) = attempts.last().filter(|last| last.failed) else {
                let detail = format!(
                    "No source has credentials. Sources that were tried:\n{}\n\n{GIVE_SOME}",
                    listed_attempts(attempts, configuration)
                );
                return at_profile(Diagnostic::error(summary, detail), configuration);
            };
            let mut detail = format!(
                "{} returned an error while providing credentials: {}.",
                capitalized(&named(last.source, configuration)),
                last.message
            );
            if let Some(command) = sign_in {
                detail += &format!(
                    "\n\nThe IAM Identity Center (SSO) session has probably expired. Run `{command}`, \
                     and run Terraform again."
                );
            } else if last.message.contains("external process") {
                detail += "\n\nRun the credential_process command of the profile by hand to see its \
                           output.";
            }
            if let [before @ .., _] = attempts.as_slice()
                && !before.is_empty()
            {
                detail += &format!(
                    "\n\nSources that were tried before:\n{}",
                    listed_attempts(before, configuration)
                );
            }
            let diagnostic = Diagnostic::error(summary, detail);
            match last.source {
                CredentialSource::Profile => at_profile(diagnostic, configuration),
                _ => diagnostic,
            }
        }
    }
}

/// At the argument, if the provider block sets the profile.
fn at_profile(diagnostic: Diagnostic, configuration: &Configuration) -> Diagnostic {
    if configuration.settings.profile_first {
        diagnostic.at(Path::attribute("profile"))
    } else {
        diagnostic
    }
}

/// A line for each source that was tried.
fn listed_attempts(attempts: &[Attempt], configuration: &Configuration) -> String {
    let line = |attempt: &Attempt| {
        let message = match attempt.source {
            // The SDK does not report which one.
            CredentialSource::Environment if !attempt.failed => "one or both are unset",
            _ => attempt.message.as_str(),
        };
        format!("\n  - {}: {message}", named(attempt.source, configuration))
    };
    let mut lines = String::new();
    if !configuration.settings.profile_first {
        lines += "\n  - the provider block: access_key and secret_key are not set";
    }
    lines.extend(attempts.iter().map(line));
    let metadata =
        attempts.iter().any(|attempt| attempt.source == CredentialSource::InstanceMetadata);
    if !metadata && configuration.settings.metadata.disabled {
        lines += "\n  - the EC2 instance metadata service: skipped because of \
                  skip_metadata_api_check or AWS_EC2_METADATA_DISABLED";
    }
    lines
}

fn named(source: CredentialSource, configuration: &Configuration) -> String {
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
        CredentialSource::InstanceMetadata => "the EC2 instance metadata service".to_owned(),
    }
}

fn listed(names: &[String]) -> String {
    names.join(" and ")
}
