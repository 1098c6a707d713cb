//! The control endpoints and the page.

use super::*;

impl Desk {
    /// What a browser gets, or sends.
    fn browse(&self, method: &str, path: &str, form: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form.to_owned()))
            .unwrap();
        match self.simulator.respond(&request, self.now).outcome {
            Outcome::Response(response) => {
                (response.status(), String::from_utf8(response.body().to_vec()).unwrap())
            }
            Outcome::Reset => panic!("{path} was reset"),
        }
    }
}

#[test]
fn every_listed_route_is_there_and_an_unknown_one_lists_them() {
    let desk = Desk::new(Settings::default());
    for (method, path, _) in crate::sim::control::ROUTES {
        let path = path.replace("REGION", PRIMARY_REGION).replace("ID", PRIMARIES[0]);
        let (status, text) = desk.browse(method, &path, "");
        assert!(
            status != StatusCode::NOT_FOUND && status != StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}: {status} {text}"
        );
        // What was removed is there again for the next one.
        desk.browse("POST", "/_simulator/reset", "reset=yes");
    }
    for path in ["/health", "/_simulator/unknown", "/_simulator"] {
        let (status, text) = desk.browse("GET", path, "");
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(text.contains("GET /_simulator/health"), "{text}");
    }
}

#[test]
fn reset_brings_back_the_fleet_the_faults_and_the_ids() {
    let fault = "CreateTags:5xx-before:1x1";
    let settings = Settings { faults: vec![fault.parse().unwrap()], ..Settings::default() };
    let desk = Desk::new(settings);
    let first = desk.create(PRIMARIES[0]);
    let path = format!("workspaces/{}", PRIMARIES[1]);
    desk.control("DELETE", &path, &json!({}));
    desk.control("POST", "faults", &json!({"Faults": ["*:slow:0.1"]}));
    assert_eq!(desk.control("POST", "reset", &json!({})).0, StatusCode::OK);
    assert_eq!(desk.control("GET", "faults", &json!({})).1["Faults"], json!([fault]));
    assert_eq!(desk.control("GET", &path, &json!({})).0, StatusCode::OK);
    assert_eq!(desk.control("GET", "calls", &json!({})).1, json!({"Calls": []}));
    assert_eq!(desk.create(PRIMARIES[0]), first);
}

#[test]
fn the_counts_alone_can_be_set_to_zero() {
    let desk = Desk::new(Settings::default());
    let id = desk.create(PRIMARIES[0]);
    desk.control("DELETE", "stats", &json!({}));
    assert_eq!(desk.simulator.stats(), crate::sim::Stats::default());
    assert!(desk.describe(STANDBY_REGION, &id).is_some());
}

#[test]
fn the_last_calls_say_who_asked_what_of_which_and_how_it_ended() {
    let settings = Settings { latency: 20 * SECOND / 1000, ..Settings::default() };
    let desk = Desk::new(settings);
    let id = desk.create(PRIMARIES[0]);
    desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &creation(PRIMARIES[0], &json!({})));
    desk.refused(STANDBY_REGION, "DescribeTags", &json!({}), "ValidationException");
    desk.control("POST", "faults", &json!({"Faults": ["*:reset-after:1x1"]}));
    desk.send(STANDBY_REGION, "TerminateWorkspaces", &terminate(&id));
    desk.browse("POST", "/", "Action=GetCallerIdentity");
    let calls = desk.control("GET", "calls", &json!({})).1["Calls"].clone();
    let shown: Vec<Value> = calls
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|call| json!([call["Operation"], call["Identifiers"], call["Outcome"]]))
        .collect();
    let asked = json!([STANDBY_DIRECTORY_ID, PRIMARIES[0]]);
    let made = json!([STANDBY_DIRECTORY_ID, PRIMARIES[0], id]);
    let twice = "1 failed: ResourceExists.StandbyWorkspace";
    assert_eq!(
        shown,
        [
            json!(["CreateStandbyWorkspaces", made, "ok"]),
            json!(["CreateStandbyWorkspaces", asked, twice]),
            json!(["DescribeTags", [], "ValidationException"]),
            json!(["TerminateWorkspaces", [id], "reset"]),
            json!(["-", [], "MissingAuthenticationTokenException"]),
        ]
    );
    let first = &calls[4];
    assert_eq!(first["Caller"], "arn:aws:iam::123456789012:user/AKIDEXAMPLE");
    assert_eq!((&first["Region"], &first["Milliseconds"]), (&json!(STANDBY_REGION), &json!(20)));
}

#[test]
fn the_page_shows_the_fleet_side_by_side_and_what_is_written_by_others_as_text() {
    let mut desk = Desk::new(Settings::default());
    let tags = json!({"Tags": [{"Key": "Team", "Value": "<script>alert(1)</script>"}]});
    let request = creation(PRIMARIES[0], &tags);
    let answer = desk.call(STANDBY_REGION, "CreateStandbyWorkspaces", &request);
    let id = answer["PendingStandbyRequests"][0]["WorkspaceId"].as_str().unwrap();
    desk.pass(90 * SECOND);
    let (status, page) = desk.browse("GET", "/", "");
    assert_eq!(status, StatusCode::OK);
    let row = page.lines().find(|line| line.contains(id)).expect("a row for the standby");
    for part in [PRIMARIES[0], "ana", "us-east-1", "us-west-2", "NO_REPLICATION", "1 min"] {
        assert!(row.contains(part), "{part}: {row}");
    }
    assert!(row.contains("Team=&lt;script&gt;alert(1)"), "{row}");
    for part in [PRIMARY_DIRECTORY_ID, "CreateStandbyWorkspaces", "user/AKIDEXAMPLE"] {
        assert!(page.contains(part), "{part}");
    }
    // The primary is gone, and the standby has a row of its own.
    desk.control("DELETE", &format!("workspaces/{}", PRIMARIES[0]), &json!({}));
    let (_, page) = desk.browse("GET", "/", "");
    let row = page.lines().find(|line| line.contains(id) && line.contains("gone"));
    assert!(row.is_some(), "{page}");
    let (_, event) = desk.browse("GET", "/_simulator/events", "");
    assert!(event.starts_with("data: <section") && event.ends_with("\n\n"), "{event}");
}

#[test]
fn the_forms_of_the_page_inject_and_remove_faults_and_reset() {
    let desk = Desk::new(Settings::default());
    let id = desk.create(PRIMARIES[0]);
    let in_force = || desk.control("GET", "faults", &json!({})).1["Faults"].clone();
    for fault in ["*:slow:0", "*:twins:1"] {
        let (status, _) = desk.browse("POST", "/_simulator/faults", &format!("add={fault}"));
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    assert_eq!(in_force(), json!(["*:slow-after=3s:0", "*:twins:1"]));
    let (status, page) = desk.browse("POST", "/_simulator/faults", "add=*:twin:1");
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("Did you mean twins?"), "{page}");
    desk.browse("POST", "/_simulator/faults", "clear=yes");
    assert_eq!(in_force(), json!([]));
    desk.browse("POST", "/_simulator/reset", "reset=yes");
    assert_eq!(desk.describe(STANDBY_REGION, &id), None);
}
