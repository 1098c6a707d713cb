//! The Resource Groups Tagging API.

use super::*;

/// An answer of GetResources.
fn ask(desk: &Desk, service: &str, body: &Value) -> (StatusCode, Value) {
    let scope = format!("AKIDEXAMPLE/20260101/{STANDBY_REGION}/{service}/aws4_request");
    let request = Request::post("/")
        .header("x-amz-target", "ResourceGroupsTaggingAPI_20170126.GetResources")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-date", "20260101T000000Z")
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"),
        )
        .body(Bytes::from(body.to_string()))
        .unwrap();
    match desk.simulator.respond(&request, desk.now).outcome {
        Outcome::Response(response) => {
            (response.status(), serde_json::from_slice(response.body()).unwrap())
        }
        Outcome::Reset => panic!("reset"),
    }
}

#[track_caller]
fn found(desk: &Desk, body: &Value) -> Value {
    let (status, answer) = ask(desk, "tagging", body);
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(violations("GetResourcesOutput", &answer), Vec::<String>::new(), "{answer:#}");
    answer
}

fn arn(id: &str) -> String {
    format!("arn:aws:workspaces:{STANDBY_REGION}:{ACCOUNT_ID}:workspace/{id}")
}

fn tags(id: &str, tags: &Value) -> Value {
    json!({"ResourceId": id, "Tags": tags})
}

#[test]
fn what_is_or_was_tagged_is_found_by_arn_and_nothing_else() {
    let desk = Desk::new(Settings::default());
    let (tagged, untagged, cleared) =
        (desk.create(PRIMARIES[0]), desk.create(PRIMARIES[1]), desk.create(PRIMARIES[2]));
    let team = json!([{"Key": "Team", "Value": "dr"}]);
    for id in [&tagged, &cleared] {
        desk.call(STANDBY_REGION, "CreateTags", &tags(id, &team));
    }
    let keys = json!({"ResourceId": cleared, "TagKeys": ["Team"]});
    desk.call(STANDBY_REGION, "DeleteTags", &keys);
    let wanted = [&tagged, &untagged, &cleared].map(|id| arn(id));
    let answer = found(&desk, &json!({"ResourceARNList": wanted}));
    let mappings = answer["ResourceTagMappingList"].as_array().unwrap();
    let by = |id: &str| mappings.iter().find(|mapping| mapping["ResourceARN"] == arn(id));
    assert_eq!(by(&tagged).unwrap()["Tags"], team);
    assert_eq!(by(&cleared).unwrap()["Tags"], json!([]));
    assert_eq!(by(&untagged), None);
    assert_eq!(answer["PaginationToken"], "");
    for (filter, count) in [
        (json!({"ResourceTypeFilters": ["workspaces:workspace"]}), 2),
        (json!({"ResourceTypeFilters": ["ec2"]}), 0),
        (json!({"TagFilters": [{"Key": "Team", "Values": ["dr", "other"]}]}), 1),
    ] {
        let answer = found(&desk, &filter);
        assert_eq!(answer["ResourceTagMappingList"].as_array().unwrap().len(), count, "{filter}");
    }
    let first = found(&desk, &json!({"ResourcesPerPage": 1}));
    let more = json!({"ResourcesPerPage": 1, "PaginationToken": first["PaginationToken"]});
    let second = found(&desk, &more);
    assert_ne!(first["ResourceTagMappingList"], second["ResourceTagMappingList"]);
    assert_eq!(second["PaginationToken"], "");
}

#[test]
fn what_the_tagging_api_refuses() {
    let desk = Desk::new(Settings::default());
    let one = [arn("ws-000000001")];
    let many: Vec<String> = (0..101).map(|n| arn(&format!("ws-{n:09}"))).collect();
    for (service, body, code) in [
        ("workspaces", json!({}), "InvalidSignatureException"),
        ("tagging", json!({"ResourceARNList": many}), "ValidationException"),
        (
            "tagging",
            json!({"ResourceARNList": one, "ResourceTypeFilters": ["workspaces"]}),
            "InvalidParameterException",
        ),
        (
            "tagging",
            json!({"ResourceARNList": one, "ResourcesPerPage": 10}),
            "InvalidParameterException",
        ),
        ("tagging", json!({"ResourcesPerPage": 101}), "InvalidParameterException"),
        ("tagging", json!({"PaginationToken": "rubbish"}), "InvalidParameterException"),
    ] {
        let (status, answer) = ask(&desk, service, &body);
        assert!(status.is_client_error(), "{status} {answer}");
        assert!(answer["__type"].as_str().unwrap().ends_with(code), "{body}: {answer}");
    }
}
