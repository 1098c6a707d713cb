//! The STS operations.

use super::*;

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

/// An answer of STS as text; without an access key the request is not signed.
fn ask(desk: &Desk, access_key: &str, form: &str) -> (StatusCode, String) {
    let mut request =
        Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    if !access_key.is_empty() {
        let scope = format!("{access_key}/20260101/us-west-2/sts/aws4_request");
        let signed =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        request = request.header("x-amz-date", "20260101T000000Z").header("authorization", signed);
    }
    let request = request.body(Bytes::from(form.to_owned())).unwrap();
    match desk.simulator.respond(&request, desk.now).outcome {
        Outcome::Response(response) => {
            (response.status(), String::from_utf8(response.body().to_vec()).unwrap())
        }
        Outcome::Reset => panic!("{form} was reset"),
    }
}

#[test]
fn caller_identity_names_the_account_and_a_user_of_the_key() {
    let desk = Desk::new(Settings::default());
    let (_, text) = ask(&desk, "AKID", IDENTITY);
    assert!(text.contains("<Arn>arn:aws:iam::123456789012:user/AKID</Arn>"), "{text}");
    assert!(text.contains("<Account>123456789012</Account>"), "{text}");
    let (status, text) = ask(&desk, "", IDENTITY);
    assert!(status == 403 && text.contains("<Code>MissingAuthenticationToken</Code>"), "{text}");
}

#[test]
fn the_key_of_an_assumed_role_is_that_role() {
    let desk = Desk::new(Settings::default());
    let role = "RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fops%2Fdesk&RoleSessionName=me";
    for (key, action) in [("AKID", "AssumeRole"), ("", "AssumeRoleWithWebIdentity")] {
        let (_, text) = ask(&desk, key, &format!("Action={action}&Version=2011-06-15&{role}"));
        assert!(text.contains("<Expiration>2026-01-01T01:00:00Z</Expiration>"), "{text}");
        let key = text.split_once("<AccessKeyId>").unwrap().1.split_once('<').unwrap().0;
        let (_, text) = ask(&desk, key, IDENTITY);
        let arn = "<Arn>arn:aws:sts::210987654321:assumed-role/desk/me</Arn>";
        assert!(text.contains(arn) && text.contains("<Account>210987654321<"), "{text}");
    }
    let (status, text) = ask(&desk, "AKID", "Action=AssumeRole&RoleArn=desk");
    assert!(status.is_client_error() && text.contains("<Code>ValidationError</Code>"), "{text}");
}
