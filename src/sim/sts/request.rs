use serde::Deserialize;

/// The input of `AssumeRole` and of `AssumeRoleWithWebIdentity`, as far as it has an effect here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RoleRequest {
    pub(super) role_arn: String,
    pub(super) role_session_name: String,
    pub(super) web_identity_token: Option<String>,
    pub(super) duration_seconds: Option<u64>,
    pub(super) policy: Option<String>,
    #[serde(default)]
    pub(super) policy_arns: Vec<PolicyArn>,
    #[serde(default)]
    pub(super) tags: Vec<SessionTag>,
    #[serde(default)]
    pub(super) transitive_tag_keys: Vec<String>,
    pub(super) source_identity: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PolicyArn {
    pub(super) arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SessionTag {
    pub(super) key: String,
}
