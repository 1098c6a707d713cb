use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::make::subnet_ids;
use super::paging::page;
use super::state::{Cloud, Context, Directory, partition};
use crate::sim::random::Random;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    directory_ids: Option<Vec<String>>,
    workspace_directory_names: Option<Vec<String>>,
    filters: Vec<Filter>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Filter {
    name: String,
    values: Vec<String>,
}

impl Cloud {
    /// `DescribeWorkspaceDirectories`. Ids that are unknown are left out.
    pub(crate) fn describe_workspace_directories(
        &self,
        context: Context<'_>,
        body: &Value,
    ) -> Answer {
        let request: Request = read(body)?;
        let directories =
            self.region(context.region).into_iter().flat_map(|region| region.directories.values());
        let found = directories.filter(|directory| request.selects(directory));
        let items = found.map(|directory| (directory.id.as_str(), directory));
        let question = format!("{}/{:?}", context.region, request.directory_ids);
        let page = page(items, &question, request.limit, request.next_token.as_deref())?;
        let render = |directory: &Directory| render(directory, context, &self.account_id);
        let mut answer =
            json!({"Directories": page.items.into_iter().map(render).collect::<Vec<_>>()});
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }
}

impl Request {
    fn selects(&self, directory: &Directory) -> bool {
        let among = |wanted: &Option<Vec<String>>, value| {
            wanted.as_ref().is_none_or(|wanted| wanted.contains(value))
        };
        among(&self.directory_ids, &directory.id)
            // Names are given to directories of pools only, and there are none here.
            && self.workspace_directory_names.is_none()
            && self.filters.iter().all(|filter| {
                let value = match filter.name.as_str() {
                    "WORKSPACE_TYPE" => "PERSONAL",
                    _ => identity_type(directory),
                };
                filter.values.iter().any(|wanted| wanted == value)
            })
    }
}

fn render(directory: &Directory, context: Context<'_>, account_id: &str) -> Value {
    let region = context.region;
    let mut stable = Random::stable(&["directory", region, &directory.id]);
    let partition = partition(region);
    let place = region.get(..2).unwrap_or(region);
    let registration_code = format!("SL{place}+{}", stable.letters(6).to_uppercase());
    json!({
        "DirectoryId": directory.id,
        "Alias": directory.id,
        "DirectoryName": directory.name,
        "RegistrationCode": registration_code,
        "SubnetIds": subnet_ids(&directory.id),
        "DnsIpAddresses": ["10.0.0.10", "10.0.1.10"],
        "CustomerUserName": "Administrator",
        "IamRoleId": format!("arn:{partition}:iam::{account_id}:role/workspaces_DefaultRole"),
        "DirectoryType": directory.kind,
        "WorkspaceSecurityGroupId": format!("sg-{}", stable.hex(17)),
        "State": directory.state(context.now),
        "WorkspaceCreationProperties": {
            "EnableInternetAccess": false,
            "UserEnabledAsLocalAdministrator": true,
            "EnableMaintenanceMode": true,
        },
        "ipGroupIds": [],
        "Tenancy": "SHARED",
        "SelfservicePermissions": {
            "RestartWorkspace": "ENABLED",
            "IncreaseVolumeSize": "DISABLED",
            "ChangeComputeType": "DISABLED",
            "SwitchRunningMode": "DISABLED",
            "RebuildWorkspace": "DISABLED",
        },
        "UserIdentityType": identity_type(directory),
        "WorkspaceType": "PERSONAL",
    })
}

fn identity_type(directory: &Directory) -> &'static str {
    match directory.kind.as_str() {
        "CUSTOMER_MANAGED" => "CUSTOMER_MANAGED",
        "AWS_IAM_IDENTITY_CENTER" => "AWS_IAM_IDENTITY_CENTER",
        _ => "AWS_DIRECTORY_SERVICE",
    }
}
