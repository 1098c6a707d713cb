use super::*;

fn error(message: &str) -> Error {
    Error::local(Kind::Other, "CreateStandbyWorkspaces", "us-west-2", message)
}

fn accepted(id: &str) -> Accepted {
    Accepted { id: id.to_owned(), user_name: None, state: None, shown: None }
}

/// The answers in short, for requests with primaries of these names.
fn sorted(primaries: &str, pending: &[&str], failed: &[(Option<&str>, &str)]) -> Vec<String> {
    let primaries: Vec<String> = primaries.split(' ').map(str::to_owned).collect();
    let pending = pending.iter().map(|id| accepted(id)).collect();
    let failed = failed.iter().map(|(primary, message)| Failed {
        primary_id: primary.map(str::to_owned),
        error: error(message),
    });
    let answers = sort_out(&primaries, pending, failed.collect(), &error("neither"));
    let short = answers.into_iter().map(|answer| match answer {
        Answer::Accepted(accepted) => accepted.id,
        Answer::OneOf(pairing) => format!("one of {}", pairing.ids().join(" ")),
        Answer::Refused(error) => format!("refused {}", error.message),
        Answer::Unclear(error) => format!("unclear {}", error.message),
    });
    short.collect()
}

#[test]
fn an_answer_is_sorted_out_by_name_or_elimination_and_never_by_place() {
    assert_eq!(sorted("a", &["ws-1"], &[]), ["ws-1"]);
    assert_eq!(sorted("a", &[], &[(None, "no")]), ["refused no"]);
    assert_eq!(sorted("a", &[], &[]), ["unclear neither"]);
    assert_eq!(sorted("a", &["ws-1", "ws-2"], &[(Some("a"), "no")]), ["ws-1"]);
    let both = "one of ws-1 ws-2";
    assert_eq!(sorted("a b", &["ws-1", "ws-2"], &[]), [both, both]);
    assert_eq!(sorted("a b", &["ws-1"], &[(Some("a"), "no")]), ["refused no", "ws-1"]);
    assert_eq!(sorted("a b", &["ws-1"], &[]), ["one of ws-1", "one of ws-1"]);
    // A failure that names nobody may be anybody's.
    assert_eq!(sorted("a b", &["ws-1"], &[(None, "no")]), ["one of ws-1", "one of ws-1"]);
    assert_eq!(sorted("a b", &[], &[(None, "no")]), ["unclear no", "unclear no"]);
    assert_eq!(
        sorted("a b c", &["ws-1", "ws-2"], &[(Some("b"), "no")]),
        [both, "refused no", both]
    );
}
