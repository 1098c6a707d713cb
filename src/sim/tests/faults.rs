//! The faults that change what a call does or how its answer looks.

use super::*;

fn with_faults(faults: &[&str]) -> Settings {
    let faults = faults.iter().map(|text| text.parse().unwrap()).collect();
    Settings { faults, ..Settings::default() }
}

/// A creation of a standby for each of these primaries.
fn creation_of(primaries: &[&str]) -> Value {
    let items: Vec<Value> = primaries
        .iter()
        .map(|id| json!({"PrimaryWorkspaceId": id, "DirectoryId": STANDBY_DIRECTORY_ID}))
        .collect();
    json!({"PrimaryRegion": PRIMARY_REGION, "StandbyWorkspaces": items})
}

fn users(answer: &Value) -> Vec<&str> {
    let pending = answer["PendingStandbyRequests"].as_array().unwrap();
    pending.iter().filter_map(|item| item["UserName"].as_str()).collect()
}

#[test]
fn shuffled_answers_have_every_item_in_an_order_that_the_seed_repeats() {
    let shuffled = |seed| {
        let settings = with_faults(&["CreateStandbyWorkspaces:shuffled:1"]);
        let desk = Desk::new(Settings { seed, ..settings });
        let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &creation_of(&PRIMARIES));
        users(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let orders: Vec<_> = (1..=5).map(shuffled).collect();
    assert_eq!(orders, (1..=5).map(shuffled).collect::<Vec<_>>());
    assert!(orders.iter().any(|order| *order != USERS), "{orders:?}");
    for mut order in orders {
        order.sort_unstable();
        assert_eq!(order, USERS);
    }
}

#[test]
fn answers_without_user_names_lack_nothing_else() {
    let desk = Desk::new(with_faults(&["CreateStandbyWorkspaces:without-user-name:1x1"]));
    let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &creation_of(&PRIMARIES));
    assert_eq!(users(&answer), Vec::<&str>::new());
    assert!(answer["PendingStandbyRequests"][4]["WorkspaceId"].is_string());
}

#[test]
fn an_account_that_accepts_twins_shows_both_on_the_primary() {
    let desk = Desk::new(with_faults(&["CreateStandbyWorkspaces:twins:1"]));
    let mut ids = [desk.create(PRIMARIES[0]), desk.create(PRIMARIES[0])];
    ids.sort();
    let primary = desk.describe(PRIMARY_REGION, PRIMARIES[0]).unwrap();
    let standbys = primary["StandbyWorkspacesProperties"].as_array().unwrap();
    let mut shown: Vec<_> =
        standbys.iter().map(|standby| standby["StandbyWorkspaceId"].as_str().unwrap()).collect();
    shown.sort_unstable();
    assert_eq!(shown, ids);
    // The user of an ordinary WorkSpace is still taken.
    let request = creation_of(&[OCCUPIED_PRIMARY]);
    let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
    assert_eq!(answer["FailedStandbyRequests"][0]["ErrorCode"], "ResourceExists.WorkSpace");
}

#[test]
fn the_error_for_a_second_standby_can_leave_the_first_one_out() {
    let desk = Desk::new(with_faults(&["CreateStandbyWorkspaces:exists-without-id:1x2"]));
    let id = desk.create(PRIMARIES[0]);
    for is_named in [false, true] {
        let request = creation_of(&PRIMARIES[..1]);
        let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
        let failed = &answer["FailedStandbyRequests"][0];
        assert_eq!(failed["ErrorCode"], "ResourceExists.StandbyWorkspace");
        assert_eq!(failed["ErrorMessage"].as_str().unwrap().contains(&id), is_named, "{failed}");
    }
}

#[test]
fn a_listing_can_go_on_without_end() {
    for (kind, distinct) in [("endless-pages", 5), ("circular-pages", 2)] {
        for operation in ["DescribeWorkspaces", "DescribeWorkspaceDirectories"] {
            let desk = Desk::new(with_faults(&[&format!("*:{kind}:1")]));
            let mut tokens = std::collections::BTreeSet::new();
            let mut request = json!({});
            for _ in 0..5 {
                let answer = desk.call(PRIMARY_REGION, operation, &request);
                tokens.insert(answer["NextToken"].as_str().unwrap().to_owned());
                request = json!({"NextToken": answer["NextToken"]});
            }
            assert_eq!(tokens.len(), distinct, "{kind} {operation}");
        }
    }
}

#[test]
fn a_call_that_is_slow_before_takes_effect_late_and_one_that_is_slow_after_at_once() {
    for (kind, is_there_at_once) in [("slow-before=3s", false), ("slow-after=3s", true)] {
        let mut desk = Desk::new(with_faults(&[&format!("CreateStandbyWorkspaces:{kind}:1x1")]));
        let request = creation(PRIMARIES[0], &json!({}));
        let reply = desk.reply(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
        assert_eq!(reply.after, 3 * SECOND, "{kind}");
        let found = |desk: &Desk| {
            let of_user = json!({"DirectoryId": STANDBY_DIRECTORY_ID, "UserName": USERS[0]});
            let answer = desk.call(STANDBY_REGION, "DescribeWorkspaces", &of_user);
            answer["Workspaces"].as_array().unwrap().len()
        };
        assert_eq!(found(&desk), usize::from(is_there_at_once), "{kind}");
        // A call that changes the account in the meantime does not lose what is still to come.
        desk.create(PRIMARIES[1]);
        desk.pass(3 * SECOND);
        assert_eq!(found(&desk), 1, "{kind}");
    }
}

#[test]
fn a_dripping_answer_has_its_pause() {
    let desk = Desk::new(with_faults(&["DescribeWorkspaces:drip=20ms:1x1"]));
    let pauses =
        [(); 2].map(|()| desk.reply(STANDBY_REGION, "DescribeWorkspaces", &json!({})).drip);
    assert_eq!(pauses, [Some(Duration::from_millis(20)), None]);
}
