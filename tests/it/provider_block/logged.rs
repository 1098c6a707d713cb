//! What the log says of the calls to AWS.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use terraform_provider_aws_workspaces::tf;

use super::stage::{Stage, keyed};
use crate::support::requests::Stored;

const ROLE: &str = "arn:aws:iam::123456789012:role/desks";

/// A whole apply, read back from its log: three standbys made, one of them changed, all of them
/// read and deleted.
#[tokio::test]
async fn every_call_is_in_the_log_once_when_it_is_sent_and_once_when_it_is_answered() {
    let stage = Stage::new();
    let role = json!({ "assume_role": [{ "role_arn": ROLE }] });
    let running = stage.start(keyed(role)).await.configured();
    let created = tokio::join!(running.create(0), running.create(1), running.create(2));
    let created = [created.0, created.1, created.2];
    let core = &running.core;
    let mut tagged = running.standby(0);
    tagged.set("tags", tf::Value::map([("Name", "a".into())]));
    let changed = core.change(&created[0], &tagged).await.1.succeeded();
    for one in [&changed, &created[1], &created[2]] {
        core.read(one).await.succeeded();
        let deleted: Stored = core.change(one, &tf::Value::Null).await.1.succeeded();
        assert!(deleted.state.is_null());
    }
    let log = running.end(Vec::new()).await.log;
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of = |message: &str| {
        let is_one = |line: &&Value| line["@message"] == message;
        lines.iter().filter(is_one).collect::<Vec<_>>()
    };
    let (sent, answered) = (of("HTTP Request Sent"), of("HTTP Response Received"));
    let count = |lines: &[&Value], operation: &str| {
        let matching = lines.iter().filter(|line| line["rpc.method"] == operation).count();
        u64::try_from(matching).unwrap()
    };
    let stats = stage.cloud.simulator.stats();
    assert!(stats.operations.len() > 5, "{stats:?}");
    for (operation, counted) in &stats.operations {
        let name = operation.rsplit('.').next().unwrap();
        for lines in [&sent, &answered] {
            assert_eq!(count(lines, name), counted.calls, "{operation}");
        }
    }

    // One line for each request id that the simulator gave, and no other.
    let calls = stage.cloud.control("GET", "calls", &Value::Null);
    let calls = calls["Calls"].as_array().unwrap();
    let given: BTreeSet<&str> =
        calls.iter().map(|call| call["RequestId"].as_str().unwrap()).collect();
    let workspaces = answered.iter().filter(|line| line["rpc.service"] == "WorkSpaces");
    let seen: Vec<&str> = workspaces.map(|line| line["aws.request_id"].as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "no call is logged twice");
    assert!(distinct.is_subset(&given), "{distinct:?} {given:?}");

    for line in sent.iter().chain(&answered) {
        for name in ["tf_rpc", "tf_req_id", "rpc.service", "rpc.method", "aws.region"] {
            assert!(line[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {line}");
        }
        assert_eq!(line["@level"], "debug", "{line}");
        assert_eq!(line["tf_aws.attempt"], 1, "{line}");
    }
    for line in &answered {
        assert_eq!(line["http.status_code"], 200, "{line}");
        assert!(line["aws.request_id"].is_string(), "{line}");
        assert!(line["http.duration"].is_u64(), "{line}");
    }
    for line in sent.iter().filter(|line| line["rpc.service"] == "WorkSpaces") {
        assert_eq!(line["tf_resource_type"], "aws_workspaces_standby", "{line}");
        assert!(line["tf_aws.turn_wait_ms"].is_u64(), "{line}");
        assert_eq!(line["tf_aws.throttled"], 0, "{line}");
    }

    // The three requests of one call are found by the number of its batch.
    let create = sent.iter().filter(|line| line["rpc.method"] == "CreateStandbyWorkspaces");
    let create: Vec<_> = create.collect();
    let [create] = create[..] else { panic!("one call for all: {create:?}") };
    let ids = create["tf_aws.workspace_ids"].as_str().unwrap();
    assert_eq!(ids.split(',').count(), 3, "{ids}");
    assert_eq!(create["tf_aws.batch_items"], 3, "{create}");
    let mut requests = BTreeMap::new();
    for line in of("Request Batched") {
        let numbers: &mut BTreeSet<String> =
            requests.entry(line["tf_aws.batch"].to_string()).or_default();
        numbers.insert(line["tf_req_id"].to_string());
    }
    assert_eq!(requests[&create["tf_aws.batch"].to_string()].len(), 3, "{requests:?}");
}
