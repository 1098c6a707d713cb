//! The same account through Smithy RPC v2 CBOR.

use ciborium::Value as Cbor;

use super::*;

/// An answer to a CBOR request: status, headers and body.
fn ask(desk: &Desk, service: &str, operation: &str, body: &Cbor) -> (StatusCode, String, Cbor) {
    let signing_name = if service.starts_with("Resource") { "tagging" } else { "workspaces" };
    let scope = format!("AKIDEXAMPLE/20260101/{STANDBY_REGION}/{signing_name}/aws4_request");
    let mut bytes = Vec::new();
    ciborium::into_writer(body, &mut bytes).unwrap();
    let request = Request::post(format!("/service/{service}/operation/{operation}"))
        .header("smithy-protocol", "rpc-v2-cbor")
        .header("content-type", "application/cbor")
        .header("accept", "application/cbor")
        .header("x-amz-date", "20260101T000000Z")
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
        )
        .body(Bytes::from(bytes))
        .unwrap();
    match desk.simulator.respond(&request, desk.now).outcome {
        Outcome::Response(response) => {
            let protocol = response.headers()["smithy-protocol"].to_str().unwrap().to_owned();
            let read = ciborium::from_reader(response.body().as_ref()).unwrap();
            (response.status(), protocol, read)
        }
        Outcome::Reset => panic!("reset"),
    }
}

fn text(text: &str) -> Cbor {
    Cbor::Text(text.to_owned())
}

fn map<const N: usize>(members: [(&str, Cbor); N]) -> Cbor {
    Cbor::Map(members.into_iter().map(|(name, value)| (text(name), value)).collect())
}

fn member<'a>(value: &'a Cbor, name: &str) -> &'a Cbor {
    let members = value.as_map().unwrap_or_else(|| panic!("no map: {value:?}"));
    let found = members.iter().find(|(key, _)| key.as_text() == Some(name));
    &found.unwrap_or_else(|| panic!("no {name} in {value:?}")).1
}

#[test]
fn a_standby_is_made_and_described_in_cbor_with_its_times_tagged() {
    let mut desk = Desk::new(Settings::default());
    let item = map([
        ("PrimaryWorkspaceId", text(PRIMARIES[0])),
        ("DirectoryId", text(STANDBY_DIRECTORY_ID)),
        ("DataReplication", text("PRIMARY_AS_SOURCE")),
        ("VolumeEncryptionKey", Cbor::Null),
    ]);
    let request = map([
        ("PrimaryRegion", text(PRIMARY_REGION)),
        ("StandbyWorkspaces", Cbor::Array(vec![item])),
    ]);
    let (status, protocol, answer) =
        ask(&desk, "WorkspacesService", "CreateStandbyWorkspaces", &request);
    assert_eq!((status, protocol.as_str()), (StatusCode::OK, "rpc-v2-cbor"), "{answer:?}");
    let pending = &member(&answer, "PendingStandbyRequests").as_array().unwrap()[0];
    let id = member(pending, "WorkspaceId").as_text().unwrap();
    desk.pass(2 * SECOND);
    let request = map([("WorkspaceIds", Cbor::Array(vec![text(id)])), ("Limit", Cbor::Null)]);
    let (_, _, answer) = ask(&desk, "WorkspacesService", "DescribeWorkspaces", &request);
    let shown = &member(&answer, "Workspaces").as_array().unwrap()[0];
    assert_eq!(member(shown, "State").as_text(), Some("AVAILABLE"));
    let settings = member(shown, "DataReplicationSettings");
    let Cbor::Tag(1, time) = member(settings, "RecoverySnapshotTime") else {
        panic!("{settings:?}")
    };
    assert_eq!(time.as_float(), Some(desk.now.as_second() as f64));
    let volumes = member(member(shown, "WorkspaceProperties"), "RootVolumeSizeGib");
    assert_eq!(volumes.as_integer(), Some(80.into()));
}

#[test]
fn refusals_have_their_type_and_members_in_cbor() {
    let desk = Desk::new(Settings::default());
    let id = "ws-0unknown01";
    for (service, operation, request, code) in [
        (
            "WorkspacesService",
            "DescribeTags",
            map([("ResourceId", text(id))]),
            "com.amazonaws.workspaces#ResourceNotFoundException",
        ),
        (
            "WorkspacesService",
            "DescribeTags",
            map([]),
            "com.amazonaws.workspaces#ValidationException",
        ),
        (
            "WorkspacesService",
            "DescribeTags",
            Cbor::Bytes(vec![0]),
            "com.amazonaws.workspaces#SerializationException",
        ),
        (
            "WorkspacesService",
            "GetResources",
            map([]),
            "com.amazonaws.workspaces#UnknownOperationException",
        ),
        (
            "ResourceGroupsTaggingAPI_20170126",
            "GetResources",
            map([("PaginationToken", text("rubbish"))]),
            "com.amazonaws.resourcegroupstaggingapi#InvalidParameterException",
        ),
    ] {
        let (status, _, answer) = ask(&desk, service, operation, &request);
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(member(&answer, "__type").as_text(), Some(code), "{answer:?}");
        assert!(member(&answer, "message").is_text());
    }
    let request = map([("ResourceId", text(id))]);
    let (_, _, answer) = ask(&desk, "WorkspacesService", "DescribeTags", &request);
    assert_eq!(member(&answer, "ResourceId").as_text(), Some(id));
    let counts = desk.simulator.stats().operation("DescribeTags");
    assert_eq!(counts.protocols, [("smithy-rpc-v2-cbor".to_owned(), 3)].into());
}
