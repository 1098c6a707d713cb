//! AWS's errors as diagnostics, in one place: what failed, what AWS returned, what to do.

use crate::aws::{Error, Kind};
use crate::tf::Diagnostic;

/// An error of AWS as a diagnostic. `what` completes "Could not …".
pub(super) fn explain(what: &str, error: &Error) -> Diagnostic {
    let detail = match error.kind {
        Kind::Stopped => {
            "Terraform was interrupted before the request was sent. Apply again to continue."
                .to_owned()
        }
        _ => format!("{}\n\n{}", said(error), advice(error)),
    };
    Diagnostic::error(format!("Could not {what}"), detail)
}

/// One sentence: what AWS, or the system, reported, for which operation, in which Region.
pub(super) fn said(error: &Error) -> String {
    let Error { operation, region, message, .. } = error;
    let asked = match &error.request_id {
        Some(id) => format!("{operation} in {region}, request ID {id}"),
        None => format!("{operation} in {region}"),
    };
    if error.kind == Kind::Stopped {
        return format!("Terraform was interrupted during {asked}.");
    }
    let message = message.trim_end_matches('.');
    match &error.code {
        Some(code) => format!("AWS returned {code}: {message} ({asked})."),
        None => format!("{}: {message}.", capitalized(&asked)),
    }
}

/// How advice on a missing permission begins.
pub(super) const NO_PERMISSION: &str = "The credentials do not have the permission.";

/// How it ends.
pub(super) const EXPLICIT_DENY: &str =
    "Also look for an explicit deny: a service control policy may exclude the Region.";

/// The likely cause and what to do.
fn advice(error: &Error) -> String {
    let region = &error.region;
    match error.kind {
        Kind::LimitExceeded => format!(
            "The account has reached a quota in {region}. The quota for standby WorkSpaces is \
             separate from the quota for WorkSpaces and has a small default, zero in some accounts. \
             Request an increase of \"Standby WorkSpaces\" for Amazon WorkSpaces in Service Quotas \
             in {region}, and apply again."
        ),
        Kind::AccessDenied => access_denied(error),
        Kind::AlreadyExists => "A primary has at most one standby, and a user at most one \
             WorkSpace in a directory. If another resource or configuration manages the existing \
             one, remove it there first. The lifecycle argument create_before_destroy cannot work."
            .to_owned(),
        Kind::NotSupported if is_about_replication(error) => {
            "AWS does not replicate data into every directory, and never into a Simple AD. Set \
             directory_id to an AD Connector or a self-managed directory, or remove \
             data_replication."
                .to_owned()
        }
        Kind::NotSupported => "AWS does not support this for the WorkSpace, its bundle or its \
             operating system. Windows WorkSpaces can have standbys. Amazon Linux, Ubuntu and Red \
             Hat Enterprise Linux WorkSpaces, graphics bundles, GeneralPurpose.4xlarge and \
             GeneralPurpose.8xlarge cannot."
            .to_owned(),
        Kind::NotFound => "Check each ID and its Region: the primary WorkSpace must be in the \
             primary Region, the directory and the standby in the standby Region."
            .to_owned(),
        Kind::InvalidParameter => "Correct the argument that AWS names. The directory must be \
             registered with WorkSpaces in the standby Region, and an encryption key must be a \
             symmetric key in that Region."
            .to_owned(),
        Kind::InvalidState => "The state of the WorkSpace does not allow this operation. Wait \
             until it is AVAILABLE or STOPPED, or repair it in the WorkSpaces console, and apply \
             again."
            .to_owned(),
        Kind::Unavailable => format!(
            "The resource that AWS names is unavailable. If it is the directory, check in the \
             WorkSpaces console in {region}, under Directories, that it is registered, and apply \
             again."
        ),
        Kind::InUse => "Remove what uses the resource that AWS names, and apply again.".to_owned(),
        Kind::InProgress => "Another change of the WorkSpace is in progress. Apply again in a few \
             minutes."
            .to_owned(),
        Kind::Throttled => format!(
            "AWS throttled the request{}. Run Terraform with a lower -parallelism, or request a higher \
             rate from AWS Support.",
            match error.attempts {
                Some(1) => ", and max_retries allows only one attempt".to_owned(),
                Some(attempts) => format!(" {attempts} times in a row"),
                None => String::new(),
            },
        ),
        Kind::Credentials => "Configure valid credentials: access_key and secret_key or profile in \
             the provider block, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE in the \
             environment, or a role of the machine that runs Terraform."
            .to_owned(),
        Kind::Unreachable => format!(
            "Could not connect to AWS in {region}. Check the network, the proxy, the name of the \
             Region and the endpoints of the provider block."
        ),
        Kind::Untrusted => {
            "The certificate of the server is not trusted, and nothing was sent. If you use a proxy \
             or a custom endpoint, set custom_ca_bundle in the provider block (or AWS_CA_BUNDLE) to \
             a file with the certificate of its authority. Otherwise check that the machine's root \
             certificates are up to date."
                .to_owned()
        }
        Kind::Ambiguous if error.request_id.is_some() => {
            "AWS failed after the request was sent. Run the same command again.".to_owned()
        }
        Kind::Ambiguous => "The connection failed after the request was sent, or the answer is not \
             from AWS. Run the same command again. If that does not help, check the network, the \
             proxy and the endpoints."
            .to_owned(),
        Kind::Configuration => "Check the provider block.".to_owned(),
        Kind::Stopped => "Terraform was interrupted. Apply again to continue.".to_owned(),
        Kind::WorkerGone => "This is a bug in the provider. Please report it.".to_owned(),
        Kind::Other => "Fix the problem that AWS reports, and apply again. If the reason is not \
             clear, AWS Support can look up the request by its ID."
            .to_owned(),
    }
}

/// The permission that is missing. `docs/guides/permissions.md` has the policies.
fn access_denied(error: &Error) -> String {
    let (operation, region) = (error.operation, &error.region);
    if operation.starts_with("AssumeRole") {
        return "Check the ARN of the role. Its trust policy must name the caller, and the external \
                ID if it requires one. The caller's policies must allow sts:AssumeRole for the role."
            .to_owned();
    }
    let allow = match operation {
        "GetCallerIdentity" => "Allow sts:GetCallerIdentity.".to_owned(),
        "GetResources" => format!("Allow tag:GetResources in {region}."),
        "CreateStandbyWorkspaces" => format!(
            "Allow workspaces:CreateStandbyWorkspaces, workspaces:CreateTags and \
             workspaces:DescribeWorkspaces in {region}, on the directory and on the WorkSpaces. With \
             volume_encryption_key, also allow kms:DescribeKey and kms:CreateGrant on the key."
        ),
        "DescribeWorkspaces" | "DescribeWorkspaceDirectories" => {
            format!("Allow workspaces:{operation} in {region}, on all resources (\"*\").")
        }
        "ModifyWorkspaceProperties" => format!(
            "Allow workspaces:ModifyWorkspaceProperties in {region}, on the WorkSpaces. A change of \
             data_replication needs it in the Region of the primary, and in the Region of the \
             standby if AWS does not support the change there."
        ),
        _ => format!("Allow workspaces:{operation} in {region}, on the WorkSpaces."),
    };
    format!("{NO_PERMISSION} {allow} {EXPLICIT_DENY}")
}

/// Whether AWS refused data replication rather than the standby itself.
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
