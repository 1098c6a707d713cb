//! How faults alter an answer after the operation has given it.

use serde_json::{Value, json};

use super::fault::{Paging, Twist};
use super::model::MODEL;
use super::random::Random;

/// How the tokens begin that these pages give out.
const TOKEN_PREFIX: &str = "simulated-page-";
const TOKEN_MEMBERS: [&str; 2] = ["NextToken", "PaginationToken"];

/// Takes a token of an endless listing out of a request, which thereby asks for the first page.
pub(super) fn take_token(body: &mut Value) -> Option<String> {
    let members = body.as_object_mut()?;
    let is_ours = |value: &Value| value.as_str().is_some_and(|text| text.starts_with(TOKEN_PREFIX));
    let name = TOKEN_MEMBERS.iter().find(|name| members.get(**name).is_some_and(is_ours))?;
    members.remove(*name)?.as_str().map(str::to_owned)
}

/// Alters an answer of the given shape as the faults of the call want it. `token` is the one that
/// [`take_token`] took.
pub(super) fn alter(
    answer: &mut Value,
    shape: &str,
    token: Option<&str>,
    twist: Twist,
    random: &mut Random,
) {
    let members = answer.as_object_mut().into_iter().flat_map(|members| members.values_mut());
    for items in members.filter_map(Value::as_array_mut) {
        if twist.shuffled {
            random.shuffle(items);
        }
        for item in items.iter_mut().filter_map(Value::as_object_mut) {
            if twist.without_user_name {
                item.remove("UserName");
            }
        }
    }
    let next = match twist.paging {
        Paging::Normal => return,
        Paging::Endless => random.letters(12),
        Paging::Circular if token.is_some_and(|token| token.ends_with("-a")) => "b".to_owned(),
        Paging::Circular => "a".to_owned(),
    };
    let members = MODEL.members(shape).unwrap_or_default();
    let paged = TOKEN_MEMBERS.iter().find(|name| members.iter().any(|m| m.name == **name));
    if let Some(name) = paged {
        answer[*name] = json!(format!("{TOKEN_PREFIX}{next}"));
    }
}
