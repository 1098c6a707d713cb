//! AWS's errors as diagnostics, in one place: what failed, what AWS said, what to do.

use crate::aws::{Error, Kind};
use crate::tf::Diagnostic;

/// An error of AWS as a diagnostic. `what` completes "Could not …".
pub(super) fn explain(what: &str, error: &Error) -> Diagnostic {
    let detail = match error.kind {
        Kind::Stopped => {
            "Terraform was asked to stop before AWS was asked. Apply again to go on.".to_owned()
        }
        _ => format!("{}\n\n{}", said(error), advice(error)),
    };
    Diagnostic::error(format!("Could not {what}"), detail)
}

/// One sentence: what AWS, or the system, said, to which operation, in which Region.
pub(super) fn said(error: &Error) -> String {
    let Error { operation, region, message, .. } = error;
    let asked = match &error.request_id {
        Some(id) => format!("{operation} in {region}, request id {id}"),
        None => format!("{operation} in {region}"),
    };
    if error.kind == Kind::Stopped {
        return format!("Terraform was asked to stop while {asked} was under way.");
    }
    let message = message.trim_end_matches('.');
    match &error.code {
        Some(code) => format!("AWS answered {code}: {message} ({asked})."),
        None => format!("{}: {message}.", capitalized(&asked)),
    }
}

/// The likely cause and what to do.
fn advice(error: &Error) -> String {
    let region = &error.region;
    match error.kind {
        Kind::LimitExceeded => format!(
            "The account has reached a quota in {region}. The quota for standby WorkSpaces is \
             separate from the one for WorkSpaces and starts at a very small number, in some \
             accounts at zero. Request an increase of \"Standby WorkSpaces\" for Amazon \
             WorkSpaces in Service Quotas, in {region}, and apply again."
        ),
        Kind::AccessDenied if error.operation == "GetCallerIdentity" => {
            "The credentials may not do this. Allow sts:GetCallerIdentity, and look for an \
             explicit deny: a service control policy may exclude the Region."
                .to_owned()
        }
        Kind::AccessDenied if error.operation.starts_with("AssumeRole") => {
            "The role was not given. Check its ARN, that its trust policy names whoever takes it \
             on, with the external id where it asks for one, and that the caller's policies allow \
             sts:AssumeRole on it."
                .to_owned()
        }
        Kind::AccessDenied => format!(
            "The credentials may not do this. Allow workspaces:{}. All in all a standby \
             WorkSpace needs \
             workspaces:CreateStandbyWorkspaces, workspaces:DescribeWorkspaces, \
             workspaces:TerminateWorkspaces, workspaces:ModifyWorkspaceProperties, \
             workspaces:DescribeTags, workspaces:CreateTags and workspaces:DeleteTags in \
             {region}, on the directory and on the WorkSpaces; with an encryption key also \
             kms:DescribeKey and kms:CreateGrant on that key. Look for an explicit deny too: a \
             service control policy may exclude the Region.",
            error.operation
        ),
        Kind::AlreadyExists => "A primary has at most one standby, and a user at most one \
             WorkSpace in a directory. If another resource or configuration manages the existing \
             one, it has to go there first; a lifecycle with create_before_destroy cannot work."
            .to_owned(),
        Kind::NotSupported if is_about_replication(error) => {
            "AWS does not replicate data into every directory, and into no Simple AD. Name an AD \
             Connector or a self-managed directory as directory_id, or leave data_replication out."
                .to_owned()
        }
        Kind::NotSupported => "AWS does not offer this for the WorkSpace, its bundle or its \
             operating system. Standbys exist for Windows WorkSpaces without graphics bundles; \
             Amazon Linux, Ubuntu, Red Hat Enterprise Linux and GeneralPurpose.4xlarge and \
             .8xlarge primaries have none."
            .to_owned(),
        Kind::NotFound => format!(
            "Check the ids, and that each is looked for in its own Region: the primary WorkSpace \
             in the primary Region, the directory and the standby in {region}."
        ),
        Kind::InvalidParameter => "Check the arguments against what AWS says of them. The \
             directory must be registered with WorkSpaces in the standby Region, and an \
             encryption key must be a symmetric key of that Region."
            .to_owned(),
        Kind::InvalidState => "The WorkSpace is in a state in which this cannot be done. Wait \
             until it is AVAILABLE or STOPPED, or mend it in the WorkSpaces console, and apply \
             again."
            .to_owned(),
        Kind::Unavailable => format!(
            "What AWS names cannot be used at present. A directory has to be registered with \
             WorkSpaces in {region}: look at it in the WorkSpaces console there, under \
             Directories, register it if it is not, and apply again."
        ),
        Kind::InProgress => "Another change of the WorkSpace is under way. Apply again in a few \
             minutes."
            .to_owned(),
        Kind::Throttled => format!(
            "AWS refused the call for coming too soon after others{}. Set retry_mode = \
             \"adaptive\" in the provider block, or run Terraform with a lower -parallelism.",
            match error.attempts {
                Some(1) => ", and max_retries allows no other attempt".to_owned(),
                Some(attempts) => format!(", {attempts} times in a row"),
                None => String::new(),
            },
        ),
        Kind::Credentials => "Give the provider usable credentials: access_key and secret_key or \
             profile in the provider block, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or \
             AWS_PROFILE in the environment, or a role of the machine that Terraform runs on."
            .to_owned(),
        Kind::Unreachable => format!(
            "No connection to AWS in {region} could be made. Check the network, the proxy, the \
             Region's name and the endpoints of the provider block."
        ),
        Kind::Untrusted => {
            "The certificate of whoever answered is not trusted. Where a proxy, or an \
             endpoint of your own, stands on the way, name a file with the certificate of its \
             authority as custom_ca_bundle in the provider block (or AWS_CA_BUNDLE); otherwise see \
             that the machine's own root certificates are up to date. Nothing was sent."
                .to_owned()
        }
        Kind::Ambiguous => {
            "The connection failed, or AWS had a fault, after the request was sent. Run the same \
             command again."
                .to_owned()
        }
        Kind::Configuration => "Check the provider block.".to_owned(),
        Kind::Stopped => "Terraform was asked to stop. Apply again to go on.".to_owned(),
        Kind::WorkerGone => "This is a bug in the provider. Please report it.".to_owned(),
        Kind::Other => "Mend what AWS names, and apply again. If the reason is not clear, AWS \
             Support can look the request up by its id."
            .to_owned(),
    }
}

/// Whether AWS refused data replication and not the standby as such.
fn is_about_replication(error: &Error) -> bool {
    error.code.as_ref().is_some_and(|code| code.contains("DataReplication"))
}

/// The text with a capital letter first.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
