use super::*;

fn error(message: &str) -> Error {
    Error::local(Kind::Other, "CreateStandbyWorkspaces", "us-west-2", message)
}

/// An entry of PendingStandbyRequests: an id, or an id and its user as `ws-1=alice`.
fn accepted(entry: &str) -> Accepted {
    let (id, user) = entry.split_once('=').unzip();
    let user_name = user.map(str::to_owned);
    Accepted { id: id.unwrap_or(entry).to_owned(), user_name, state: None, shown: None }
}

/// The answers in short, for requests with these primaries, as `a`, or `a=alice` with a known user.
fn sorted(requests: &str, pending: &[&str], failed: &[(Option<&str>, &str)]) -> Vec<String> {
    let requests: Vec<Requested<'_>> = requests
        .split(' ')
        .map(|request| match request.split_once('=') {
            Some((primary_id, user)) => Requested { primary_id, user: Some(user) },
            None => Requested { primary_id: request, user: None },
        })
        .collect();
    let failed = failed.iter().map(|(primary, message)| Failed {
        primary_id: primary.map(str::to_owned),
        error: error(message),
    });
    let lists = Lists {
        pending: pending.iter().map(|id| accepted(id)).collect(),
        failed: failed.collect(),
        neither: error("neither"),
    };
    let sorted = sort_out(&requests, lists);
    let is_one_of = |answer: &Answer| matches!(answer, Answer::OneOf(_));
    assert!(sorted.users_missing || !sorted.answers.iter().any(is_one_of));
    let short = sorted.answers.into_iter().map(|answer| match answer {
        Answer::Accepted(accepted) => accepted.id,
        Answer::OneOf(pairing) => format!("one of {}", pairing.ids().join(" ")),
        Answer::Refused(error) => format!("refused {}", error.message),
        Answer::Unclear(error) => format!("unclear {}", error.message),
    });
    short.collect()
}

#[test]
fn users_tell_the_ids_apart_whatever_their_order_and_case() {
    let pending = ["ws-2=Bob", "ws-3=CAROL", "ws-1=alice"];
    assert_eq!(sorted("a=alice b=bob c=carol", &pending, &[]), ["ws-1", "ws-2", "ws-3"]);
    assert_eq!(
        sorted("a=alice b=bob", &["ws-2=bob"], &[(Some("a"), "no")]),
        ["refused no", "ws-2"]
    );
    // Users are left out: only one request and one id are left.
    assert_eq!(sorted("a=alice b=bob", &["ws-1", "ws-2=bob"], &[]), ["ws-1", "ws-2"]);
    // A user that occurs twice tells nothing.
    let twice = ["ws-1=alice", "ws-2=alice", "ws-3=bob"];
    let one_of = "one of ws-1 ws-2";
    assert_eq!(sorted("a=alice b=bob c=carol", &twice, &[]), [one_of, "ws-3", one_of]);
}

#[test]
fn an_answer_is_sorted_out_by_name_or_elimination_and_never_by_position() {
    assert_eq!(sorted("a", &["ws-1"], &[]), ["ws-1"]);
    assert_eq!(sorted("a", &[], &[(None, "no")]), ["refused no"]);
    assert_eq!(sorted("a", &[], &[]), ["unclear neither"]);
    assert_eq!(sorted("a", &["ws-1", "ws-2"], &[(Some("a"), "no")]), ["ws-1"]);
    let both = "one of ws-1 ws-2";
    assert_eq!(sorted("a b", &["ws-1", "ws-2"], &[]), [both, both]);
    assert_eq!(sorted("a b", &["ws-1"], &[(Some("a"), "no")]), ["refused no", "ws-1"]);
    assert_eq!(sorted("a b", &["ws-1"], &[]), ["one of ws-1", "one of ws-1"]);
    // A failure without a primary can be of any request.
    assert_eq!(sorted("a b", &["ws-1"], &[(None, "no")]), ["one of ws-1", "one of ws-1"]);
    assert_eq!(sorted("a b", &[], &[(None, "no")]), ["unclear no", "unclear no"]);
    assert_eq!(
        sorted("a b c", &["ws-1", "ws-2"], &[(Some("b"), "no")]),
        [both, "refused no", both]
    );
}
