//! Connection aliases over the real AWS SDK, the simulated account and virtual time.

mod association;
mod ending;
mod listed;
mod permission;

use serde_json::json;
use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::sim::{FleetConnectionAlias, Settings};
use terraform_provider_aws_workspaces::tf::Value;

use crate::support::in_process::{Desk, minutes};

const ASSOCIATION: &str = "aws_workspaces_connection_alias_association";
const PERMISSION: &str = "aws_workspaces_connection_alias_permission";

/// Another account, which shares an alias or with which one is shared.
const OTHER_ACCOUNT: &str = "210987654321";

const ALIAS: &str = "wsca-0desktop1";
const OTHER_ALIAS: &str = "wsca-0desktop2";

/// An alias of the account that leads nowhere.
fn alias(id: &str) -> FleetConnectionAlias {
    FleetConnectionAlias {
        alias_id: id.to_owned(),
        connection_string: format!("{}.example.com", id.replace("wsca-0", "")),
        ..FleetConnectionAlias::default()
    }
}

/// An account with these aliases in the standby Region, where a change takes three minutes.
fn with(aliases: Vec<FleetConnectionAlias>) -> Settings {
    let mut settings = Settings { modification: minutes(3), ..Settings::default() };
    let region = settings.fleet.regions.get_mut(STANDBY_REGION).unwrap();
    region.connection_aliases = aliases;
    settings
}

/// The account with the two usual aliases, and the provider's association resource.
async fn desk() -> Desk {
    Desk::new(with(vec![alias(ALIAS), alias(OTHER_ALIAS)])).await.of(ASSOCIATION)
}

/// The configuration of an association.
fn association(desk: &Desk, alias: &str, directory: &str) -> Value {
    desk.config(&[("alias_id", alias.into()), ("directory_id", directory.into())])
}

/// The association of the usual alias with the usual directory.
async fn associated(desk: &Desk) -> Instance {
    desk.created(&association(desk, ALIAS, STANDBY_DIRECTORY_ID)).await
}

/// The status of the usual alias as AWS has it.
fn status(desk: &Desk) -> String {
    let shown =
        desk.api(STANDBY_REGION, "DescribeConnectionAliases", &json!({"AliasIds": [ALIAS]}));
    let status = &shown["ConnectionAliases"][0]["Associations"][0]["AssociationStatus"];
    status.as_str().unwrap().to_owned()
}

/// Somebody else removes the association of the usual alias.
fn disassociate(desk: &Desk) {
    desk.api(STANDBY_REGION, "DisassociateConnectionAlias", &json!({"AliasId": ALIAS}));
}

/// Somebody else associates an alias.
fn associate(desk: &Desk, alias: &str, directory: &str) {
    let pair = json!({"AliasId": alias, "ResourceId": directory});
    desk.api(STANDBY_REGION, "AssociateConnectionAlias", &pair);
}
