use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;

use crate::aws::error::Error;
use crate::aws::error::causes::causes;

/// No credentials: why, and which step of getting them failed.
#[derive(Clone, Debug)]
pub struct NoCredentials {
    /// The step that failed.
    pub step: CredentialStep,
    /// Why it failed.
    pub error: Error,
    /// Every source that was tried, in order; empty if the chain of sources was not used.
    pub attempts: Vec<Attempt>,
    /// The command that signs in again, if a profile that uses IAM Identity Center failed.
    pub sign_in: Option<String>,
}

/// A step on the way to the credentials that sign calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialStep {
    /// The chain of sources: keys, a profile, the container, the instance metadata.
    Chain,
    /// The named profile, which does not exist.
    NamedProfile,
    /// The role that is assumed with a token of an identity provider.
    WebIdentity,
    /// The role with this index in the settings.
    Role(usize),
}

/// A source of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    Environment,
    /// AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN.
    WebIdentity,
    /// A profile in the shared files.
    Profile,
    /// AWS_CONTAINER_CREDENTIALS_FULL_URI or AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.
    Container,
    /// The EC2 instance metadata.
    InstanceMetadata,
}

/// A source that was tried and returned no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The source.
    pub source: CredentialSource,
    /// Why it returned none.
    pub message: String,
    /// Whether it is configured and failed; later sources are not tried then.
    pub failed: bool,
}

/// STS did not return credentials for a role.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub(in crate::aws) struct RoleRefused {
    pub(in crate::aws) step: CredentialStep,
    pub(in crate::aws) error: Error,
}

/// No source returned credentials.
#[derive(Debug, thiserror::Error)]
#[error("no credentials were found")]
pub(in crate::aws) struct NothingFound {
    /// In the order in which the sources were tried.
    pub(in crate::aws) attempts: Vec<Attempt>,
    /// The command that signs in again, if a profile that uses IAM Identity Center failed.
    pub(in crate::aws) sign_in: Option<String>,
}

/// The named profile is in none of the shared files.
#[derive(Debug, thiserror::Error)]
#[error("the shared files do not contain the profile {name:?}; {}{}", known(.profiles), also(.unread))]
pub(in crate::aws) struct NoSuchProfile {
    pub(in crate::aws) name: String,
    pub(in crate::aws) profiles: Vec<String>,
    /// What keeps files from being read.
    pub(in crate::aws) unread: Vec<String>,
}

fn also(unread: &[String]) -> String {
    unread.iter().map(|why| format!("; {why}")).collect()
}

fn known(profiles: &[String]) -> String {
    match profiles {
        [] => "they contain no profiles".to_owned(),
        some => format!("they contain {}", some.join(", ")),
    }
}

/// The texts of an error of a credential source, without those that describe layers of the SDK.
pub(in crate::aws) fn error_chain(error: &(dyn StdError + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for cause in causes(error).filter(|cause| !cause.is::<CredentialsError>()) {
        let text = cause.to_string();
        let text = text.trim_end_matches('.');
        if !texts.iter().any(|outer| outer.contains(text)) {
            texts.push(text.to_owned());
        }
    }
    match error.downcast_ref() {
        Some(CredentialsError::CredentialsNotLoaded(_)) if texts.is_empty() => {
            "it has no credentials".to_owned()
        }
        _ if texts.is_empty() => error.to_string(),
        _ => texts.join(": "),
    }
}
