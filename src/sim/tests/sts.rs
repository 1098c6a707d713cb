//! The STS operations.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::*;

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const ROLE: &str = "RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fops%2Fdesk";

/// What the caller signs with.
#[derive(Clone, Default)]
struct Keys {
    access_key: String,
    token: String,
}

fn user() -> Keys {
    Keys { access_key: "AKID".to_owned(), token: String::new() }
}

impl Desk {
    /// An answer of STS as text; without an access key the request is not signed.
    fn ask(&self, keys: &Keys, form: &str) -> (StatusCode, String) {
        let kind = "application/x-www-form-urlencoded";
        self.post(keys, "sts", Request::post("/").header("content-type", kind), form)
    }

    fn describe_with(&self, keys: &Keys) -> (StatusCode, String) {
        let request = Request::post("/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "WorkspacesService.DescribeWorkspaces");
        self.post(keys, "workspaces", request, "{}")
    }

    fn post(
        &self,
        keys: &Keys,
        service: &str,
        mut request: http::request::Builder,
        body: &str,
    ) -> (StatusCode, String) {
        if !keys.access_key.is_empty() {
            let scope = format!("{}/20260101/us-west-2/{service}/aws4_request", keys.access_key);
            let signed =
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
            request =
                request.header("x-amz-date", "20260101T000000Z").header("authorization", signed);
        }
        if !keys.token.is_empty() {
            request = request.header("x-amz-security-token", &keys.token);
        }
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        match self.simulator.respond(&request, self.now).outcome {
            Outcome::Response(response) => {
                (response.status(), String::from_utf8(response.body().to_vec()).unwrap())
            }
            Outcome::Reset => panic!("{body} was reset"),
        }
    }

    /// Assumes the usual role, with more parameters, which must succeed.
    #[track_caller]
    fn assume(&self, keys: &Keys, more: &str) -> Keys {
        let form = format!("Action=AssumeRole&Version=2011-06-15&{ROLE}&RoleSessionName=me{more}");
        let (status, text) = self.ask(keys, &form);
        assert_eq!(status, StatusCode::OK, "{text}");
        Keys {
            access_key: element(&text, "AccessKeyId").to_owned(),
            token: element(&text, "SessionToken").to_owned(),
        }
    }

    /// What `GET /_simulator/sts` shows of the last call.
    fn last_sent(&self) -> Value {
        self.control("GET", "sts", &Value::Null).1["Calls"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone()
    }
}

fn element<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{text}"));
    rest.split_once('<').unwrap().0
}

/// A web identity token whose time ends at this second.
fn token(end: i64) -> String {
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.c2lnbmVk",
        part(json!({"alg": "RS256"})),
        part(json!({"sub": "desk", "exp": end}))
    )
}

fn numbered(count: usize, item: impl Fn(usize) -> String) -> String {
    (1..=count).map(item).collect()
}

#[test]
fn caller_identity_names_the_account_and_a_user_of_the_key() {
    let desk = Desk::new(Settings::default());
    let (_, text) = desk.ask(&user(), IDENTITY);
    assert!(text.contains("<Arn>arn:aws:iam::123456789012:user/AKID</Arn>"), "{text}");
    assert!(text.contains("<Account>123456789012</Account>"), "{text}");
    let (status, text) = desk.ask(&Keys::default(), IDENTITY);
    assert!(status == 403 && text.contains("<Code>MissingAuthenticationToken</Code>"), "{text}");
}

#[test]
fn the_key_of_an_assumed_role_is_that_role() {
    let desk = Desk::new(Settings::default());
    let web = format!("&WebIdentityToken={}", token(i64::MAX));
    for (keys, action, more) in
        [(user(), "AssumeRole", ""), (Keys::default(), "AssumeRoleWithWebIdentity", &web)]
    {
        let form = format!("Action={action}&Version=2011-06-15&{ROLE}&RoleSessionName=me{more}");
        let (_, text) = desk.ask(&keys, &form);
        assert_eq!(element(&text, "Expiration"), "2026-01-01T01:00:00Z");
        let session = Keys {
            access_key: element(&text, "AccessKeyId").to_owned(),
            token: element(&text, "SessionToken").to_owned(),
        };
        let (_, text) = desk.ask(&session, IDENTITY);
        assert_eq!(element(&text, "Arn"), "arn:aws:sts::210987654321:assumed-role/desk/me");
        assert_eq!(element(&text, "Account"), "210987654321");
    }
}

#[test]
fn a_session_ends_after_its_time_and_no_service_takes_it_any_more() {
    let minutes = |number: u32| number * 60 * SECOND;
    for (asked, most, lasts) in [
        ("", None, minutes(60)),
        ("&DurationSeconds=43200", None, minutes(720)),
        ("", Some(minutes(2)), minutes(2)),
        ("&DurationSeconds=900", Some(minutes(60)), minutes(15)),
    ] {
        let mut desk = Desk::new(Settings { session_lifetime: most, ..Settings::default() });
        let session = desk.assume(&user(), asked);
        desk.pass(lasts - SECOND);
        assert_eq!(desk.ask(&session, IDENTITY).0, StatusCode::OK);
        assert_eq!(desk.describe_with(&session).0, StatusCode::OK);
        desk.pass(SECOND);
        let (status, text) = desk.ask(&session, IDENTITY);
        assert!(status == 403 && element(&text, "Code") == "ExpiredToken", "{text}");
        let (status, text) = desk.describe_with(&session);
        assert!(status == 400 && text.contains("#ExpiredTokenException"), "{text}");
    }
}

#[test]
fn a_session_token_that_is_not_the_keys_own_is_refused_by_every_service() {
    let desk = Desk::new(Settings::default());
    let (one, other) = (desk.assume(&user(), ""), desk.assume(&user(), ""));
    let strange = [
        Keys { token: String::new(), ..one.clone() },
        Keys { token: other.token, ..one.clone() },
        Keys { token: one.token, ..user() },
        Keys { access_key: "ASIAUNKNOWN".to_owned(), token: String::new() },
        Keys { access_key: "ASIAUNKNOWN".to_owned(), token: "simulated-session-x".to_owned() },
    ];
    for keys in strange {
        let (status, text) = desk.ask(&keys, IDENTITY);
        assert!(status == 403 && element(&text, "Code") == "InvalidClientTokenId", "{text}");
        let (status, text) = desk.describe_with(&keys);
        assert!(status == 400 && text.contains("#UnrecognizedClientException"), "{text}");
    }
}

#[test]
fn what_aws_refuses_of_a_role_is_refused() {
    let desk = Desk::new(Settings::default());
    let session = desk.assume(&user(), "");
    let named = format!("{ROLE}&RoleSessionName=me");
    let cases = [
        ("RoleSessionName=me".to_owned(), "'roleArn' failed"),
        (ROLE.to_owned(), "'roleSessionName' failed"),
        ("RoleArn=&RoleSessionName=me".to_owned(), "greater than or equal to 20"),
        ("RoleArn=arn:aws:iam::123456789012:user/desk&RoleSessionName=me".to_owned(), "is invalid"),
        ("RoleArn=arn:aws:iam::1234:role/desk-of-mine&RoleSessionName=me".to_owned(), "is invalid"),
        (format!("{ROLE}&RoleSessionName=a"), "greater than or equal to 2"),
        (format!("{ROLE}&RoleSessionName={}", "a".repeat(65)), "less than or equal to 64"),
        (format!("{ROLE}&RoleSessionName=not+me"), "pattern: [\\w+=,.@-]*"),
        (format!("{named}&DurationSeconds=899"), "greater than or equal to 900"),
        (format!("{named}&DurationSeconds=43201"), "less than or equal to 43200"),
        (format!("{named}&ExternalId=x"), "'externalId' failed"),
        (format!("{named}&ExternalId=a%20b"), "pattern: [\\w+=,.@:\\/-]*"),
        (format!("{named}&SourceIdentity=a/b"), "'sourceIdentity' failed"),
        (format!("{named}&SourceIdentity=aws:me"), "'sourceIdentity' failed"),
        (format!("{named}&Policy="), "'policy' failed"),
        (format!("{named}&PolicyArns.member.1.arn=short"), "'policyArns.1.member.arn' failed"),
        (
            format!(
                "{named}{}",
                numbered(11, |n| format!(
                    "&PolicyArns.member.{n}.arn=arn:aws:iam::aws:policy/p{n}"
                ))
            ),
            "less than or equal to 10",
        ),
        (format!("{named}&PolicyArns.member.1.arn=arn:aws:iam::aws:role/none"), "is not valid"),
        (
            format!(
                "{named}{}",
                numbered(51, |n| format!("&Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value="))
            ),
            "less than or equal to 50",
        ),
        (
            format!("{named}&Tags.member.1.Key=a%21&Tags.member.1.Value=x"),
            "'tags.1.member.key' failed",
        ),
        (format!("{named}&Tags.member.1.Key=aws:a&Tags.member.1.Value=x"), "reserved"),
        (
            format!(
                "{named}&Tags.member.1.Key=a&Tags.member.1.Value=x&Tags.member.2.Key=A&Tags.member.2.Value=y"
            ),
            "Duplicate tag keys",
        ),
        (
            format!("{named}&TransitiveTagKeys.member.1=team"),
            "must be included in the requested tags",
        ),
    ];
    for (parameters, said) in cases {
        let form = format!("Action=AssumeRole&Version=2011-06-15&{parameters}");
        let (status, text) = desk.ask(&user(), &form);
        assert!(
            status == 400 && element(&text, "Code") == "ValidationError",
            "{parameters}: {text}"
        );
        assert!(element(&text, "Message").contains(said), "{parameters}: {text}");
        assert_eq!(desk.last_sent()["Refused"], "ValidationError");
    }
    let form = format!("Action=AssumeRole&Version=2011-06-15&{named}");
    let (_, text) = desk.ask(&session, &format!("{form}&DurationSeconds=3601"));
    assert!(element(&text, "Message").contains("role chaining"), "{text}");
    let (_, text) = desk.ask(&user(), &format!("{form}&Policy=none"));
    assert_eq!(element(&text, "Code"), "MalformedPolicyDocument");
    let (_, text) = desk.ask(&user(), &format!("{form}&DurationSeconds=soon"));
    assert_eq!(element(&text, "Code"), "MalformedInput");
}

#[test]
fn a_web_identity_token_must_be_one_and_still_hold() {
    let desk = Desk::new(Settings::default());
    let now = desk.now.as_second();
    for (parameter, code) in [
        (String::new(), "ValidationError"),
        ("&WebIdentityToken=".to_owned(), "ValidationError"),
        (format!("&WebIdentityToken={}", "x".repeat(20_001)), "ValidationError"),
        (format!("&WebIdentityToken=long&Policy={}", "x".repeat(2049)), "ValidationError"),
        ("&WebIdentityToken=not-a-token".to_owned(), "InvalidIdentityToken"),
        ("&WebIdentityToken=a.b.c".to_owned(), "InvalidIdentityToken"),
        (format!("&WebIdentityToken={}", token(now)), "ExpiredTokenException"),
    ] {
        let form = format!("Action=AssumeRoleWithWebIdentity&{ROLE}&RoleSessionName=me{parameter}");
        let (status, text) = desk.ask(&Keys::default(), &form);
        assert!(status == 400 && element(&text, "Code") == code, "{parameter}: {text}");
    }
}

#[test]
fn what_sts_was_sent_can_be_looked_up_without_its_tokens() {
    let desk = Desk::new(Settings::default());
    desk.assume(
        &user(),
        "&DurationSeconds=900&ExternalId=ex-1&SourceIdentity=alice&Policy=%7B%7D\
         &PolicyArns.member.1.arn=arn:aws:iam::aws:policy/p1\
         &PolicyArns.member.2.arn=arn:aws:iam::aws:policy/p2\
         &Tags.member.1.Key=team&Tags.member.1.Value=desks&Tags.member.2.Key=stage\
         &Tags.member.2.Value=&TransitiveTagKeys.member.1=team",
    );
    let sent = desk.last_sent();
    assert_eq!(
        sent["Parameters"],
        json!({
            "RoleArn": "arn:aws:iam::210987654321:role/ops/desk",
            "RoleSessionName": "me",
            "DurationSeconds": "900",
            "ExternalId": "4 characters",
            "SourceIdentity": "alice",
            "Policy": "{}",
            "PolicyArns": ["arn:aws:iam::aws:policy/p1", "arn:aws:iam::aws:policy/p2"],
            "Tags": {"team": "desks", "stage": ""},
            "TransitiveTagKeys": ["team"],
        })
    );
    assert_eq!((&sent["AccessKeyId"], &sent["Region"]), (&json!("AKID"), &json!("us-west-2")));
    assert_eq!(sent["Refused"], Value::Null);

    let token = token(i64::MAX);
    let form = format!(
        "Action=AssumeRoleWithWebIdentity&{ROLE}&RoleSessionName=me&WebIdentityToken={token}"
    );
    desk.ask(&Keys::default(), &form);
    let length = format!("{} characters", token.len());
    assert_eq!(desk.last_sent()["Parameters"]["WebIdentityToken"], json!(length));
    desk.control("POST", "reset", &Value::Null);
    assert_eq!(desk.control("GET", "sts", &Value::Null).1, json!({"Calls": []}));
}
