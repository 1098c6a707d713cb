//! Importing associations, listing them, and the data source.

use futures_util::TryStreamExt;
use terraform_provider_aws_workspaces::provider::ImportTarget;
use terraform_provider_aws_workspaces::tf::Value;

use super::*;
use crate::support::in_process::{only_error, says};

#[tokio::test(start_paused = true)]
async fn an_association_is_imported_by_id_by_region_and_by_identity() {
    let desk = desk().await;
    let created = associated(&desk).await;
    for id in [ALIAS.to_owned(), format!("{ALIAS}@{STANDBY_REGION}")] {
        let imported = desk.imported(&id).await;
        assert_eq!(imported.state, created.state, "{id}");
        assert_eq!(imported.identity, created.identity);
    }
    let of = desk.provider.resources().iter().find(|of| of.name == ASSOCIATION).unwrap();
    let by_identity = ImportTarget::Identity(created.identity.clone());
    let imported = desk.provider.import(of, by_identity).await;
    assert_eq!(desk.read(&imported.instance).await.instance.state, created.state);
}

#[tokio::test(start_paused = true)]
async fn an_import_that_fails_says_why() {
    let desk = desk().await;
    let of = desk.provider.resources().iter().find(|of| of.name == ASSOCIATION).unwrap();
    for (id, expected) in [
        ("desktop.example.com", &["not an alias ID", "wsca-0a1b2c3d4"][..]),
        (ALIAS, &["NOT_ASSOCIATED", "nothing to import"]),
        ("wsca-0unknown01", &["AWS shows no connection alias wsca-0unknown01"]),
        ("wsca-0unknown01@mars", &["not the name of a Region"]),
    ] {
        let outcome = desk.provider.import(of, ImportTarget::Id(id.to_owned())).await;
        says(only_error(&outcome), expected);
        assert!(outcome.instance.is_absent());
    }
}

#[tokio::test(start_paused = true)]
async fn only_associations_of_this_account_are_listed_and_imported() {
    let foreign = FleetConnectionAlias {
        shared_account_ids: vec![OTHER_ACCOUNT.to_owned()],
        resource_id: Some("d-0123456789".to_owned()),
        associated_account_id: Some(OTHER_ACCOUNT.to_owned()),
        ..alias("wsca-0foreign1")
    };
    let desk = Desk::new(with(vec![alias(ALIAS), alias(OTHER_ALIAS), foreign])).await;
    let desk = desk.of(ASSOCIATION);
    let created = associated(&desk).await;
    for arguments in [&[][..], &[("directory_id", Value::from(STANDBY_DIRECTORY_ID))]] {
        let listed: Vec<_> = desk.list(arguments, true, 10).try_collect().await.unwrap();
        let [only] = &listed[..] else { panic!("one association: {listed:?}") };
        assert_eq!(only.identity, created.identity);
        assert_eq!(only.resource.as_ref(), Some(&created.state));
        let name = format!("desktop1.example.com, associated with {STANDBY_DIRECTORY_ID}");
        assert_eq!(only.display_name, name);
    }
    let of = desk.provider.resources().iter().find(|of| of.name == ASSOCIATION).unwrap();
    let outcome = desk.provider.import(of, ImportTarget::Id("wsca-0foreign1".to_owned())).await;
    says(only_error(&outcome), &["by the account", OTHER_ACCOUNT]);
    let elsewhere = [("region", Value::from(IRELAND))];
    let listed: Vec<_> = desk.list(&elsewhere, false, 10).try_collect().await.unwrap();
    assert!(listed.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_data_source_shows_every_alias_and_where_it_leads() {
    const NAME: &str = "aws_workspaces_connection_aliases";
    let desk = desk().await;
    let created = associated(&desk).await;
    let shown = desk.data(NAME, &[]).await.unwrap();
    let aliases = shown.get("connection_aliases").as_items().unwrap();
    let [one, other] = aliases else { panic!("two aliases: {aliases:?}") };
    for name in ["alias_id", "directory_id", "connection_identifier", "association_status"] {
        assert_eq!(one.get(name), created.state.get(name), "{name}");
    }
    assert_eq!(other.get("association_status"), &Value::from("NOT_ASSOCIATED"));
    assert!(other.get("directory_id").is_null());
    let by_name = shown.get("by_connection_string");
    assert_eq!(by_name.get("desktop2.example.com"), &Value::from(OTHER_ALIAS));

    let of_directory = [("directory_id", Value::from(SIMPLE_AD_DIRECTORY_ID))];
    let shown = desk.data(NAME, &of_directory).await.unwrap();
    assert_eq!(shown.get("connection_aliases"), &Value::List(Vec::new()));
    let shown = desk.data(NAME, &[("region", IRELAND.into())]).await.unwrap();
    assert_eq!(shown.get("connection_aliases"), &Value::List(Vec::new()));
    desk.faults(&["DescribeConnectionAliases:error=AccessDeniedException:1"]);
    let error = desk.data(NAME, &[]).await.unwrap_err();
    says(error.iter().next().unwrap(), &["workspaces:DescribeConnectionAliases"]);
}

#[tokio::test(start_paused = true)]
async fn sixty_aliases_are_read_in_three_calls() {
    let aliases = (0..60).map(|number| alias(&format!("wsca-0many{number:05}")));
    let desk = Desk::new(with(aliases.collect())).await;
    let shown = desk.data("aws_workspaces_connection_aliases", &[]).await.unwrap();
    assert_eq!(shown.get("connection_aliases").as_items().unwrap().len(), 60);
    assert_eq!(desk.calls("DescribeConnectionAliases").len(), 3);
}
