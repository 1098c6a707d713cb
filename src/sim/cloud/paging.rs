use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::sim::refusal::Refusal;

/// One page of what was found, and the token of the next.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: Option<String>,
}

/// The most items AWS puts on a page, and how many it does when no limit is given.
pub(crate) const PAGE: usize = 25;

/// Cuts one page out of items in order of their id.
///
/// A token carries the last id shown and the question it belongs to, so that an answer does not
/// change when items come and go between two pages.
///
/// # Errors
/// `InvalidParameterValuesException` for a token that belongs to another question or to none.
pub(crate) fn page<'a, T>(
    items: impl Iterator<Item = (&'a str, T)>,
    question: &str,
    limit: Option<usize>,
    token: Option<&str>,
) -> Result<Page<T>, Refusal> {
    let after = token.map(|token| last_id(token, question)).transpose()?;
    let limit = limit.unwrap_or(PAGE);
    let mut rest = items.skip_while(|(id, _)| after.as_deref().is_some_and(|after| *id <= after));
    let mut last = None;
    let mut shown = Vec::new();
    for (id, item) in rest.by_ref().take(limit) {
        last = Some(id);
        shown.push(item);
    }
    let more = rest.next().is_some();
    let next_token =
        last.filter(|_| more).map(|id| URL_SAFE_NO_PAD.encode(format!("{question}\n{id}")));
    Ok(Page { items: shown, next_token })
}

fn last_id(token: &str, question: &str) -> Result<String, Refusal> {
    let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let id =
        text.and_then(|text| Some(text.strip_prefix(question)?.strip_prefix('\n')?.to_owned()));
    id.ok_or_else(|| {
        Refusal::new(
            "InvalidParameterValuesException",
            "The NextToken is not valid for this request.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let ids = ["a", "b", "c", "d", "e"];
        let items = || ids.into_iter().map(|id| (id, id));
        let mut token = None;
        let mut sizes = Vec::new();
        loop {
            let page = page(items(), "q", Some(2), token.as_deref()).unwrap();
            sizes.push(page.items.len());
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(sizes, [2, 2, 1]);
        assert!(page(items(), "q", Some(5), None).unwrap().next_token.is_none());
    }

    #[test]
    fn a_token_of_another_question_is_refused() {
        let items = || ["a", "b"].into_iter().map(|id| (id, id));
        let token = page(items(), "q", Some(1), None).unwrap().next_token.unwrap();
        for (question, token) in [("other", token.as_str()), ("q", "rubbish!")] {
            assert_eq!(
                page(items(), question, None, Some(token)).unwrap_err().code,
                "InvalidParameterValuesException"
            );
        }
    }
}
