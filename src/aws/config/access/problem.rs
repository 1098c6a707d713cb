use http::Uri;

use crate::aws::config::access::source::{Setting, Source};

/// A value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A title.
    pub summary: String,
    /// What is wrong, where, and what to do; without secrets.
    pub detail: String,
    /// Where the value is set.
    pub source: Source,
}

/// What is wrong with the address of a service, of metadata or of credentials.
pub(super) fn check(endpoint: &Setting<String>, of: &str) -> Option<Problem> {
    let uri = endpoint.value.parse::<Uri>().ok();
    let is_usable = uri.as_ref().is_some_and(|uri| {
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        is_http && uri.host().is_some_and(|host| !host.is_empty()) && has_port(uri)
    });
    if is_usable {
        return None;
    }
    let name = match &endpoint.source {
        Source::Argument(name) => (*name).to_owned(),
        Source::Variable(name) => name.clone(),
        Source::File { key, .. } => key.clone(),
        Source::InstanceMetadata | Source::Default => "endpoint".to_owned(),
    };
    let detail = format!(
        "{} must be the URL of {of}, such as https://host or http://127.0.0.1:4566, and is {:?}.",
        endpoint.source.sentence_start(),
        shown(&endpoint.value),
    );
    Some(Problem { summary: format!("Invalid {name}"), detail, source: endpoint.source.clone() })
}

/// Whether what follows the host, if anything does, is a port.
fn has_port(uri: &Uri) -> bool {
    let Some((authority, host)) = uri.authority().zip(uri.host()) else { return false };
    let after = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, after)| after);
    after == host || uri.port_u16().is_some()
}

/// An address without the parts that may contain secrets: user, password and query.
pub(in crate::aws) fn shown(address: &str) -> String {
    let without_query = |text: &str| text.split(['?', '#']).next().unwrap_or_default().to_owned();
    match address.rsplit_once('@') {
        Some((before, after)) => {
            let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://"));
            format!("{}…@{}", scheme.unwrap_or_default(), without_query(after))
        }
        None => without_query(address),
    }
}

/// Whether a key has a character that no key has and no header can carry.
pub(in crate::aws) fn is_broken(key: &str) -> bool {
    !key.chars().all(|c| c.is_ascii_graphic())
}

/// A key that no request could carry.
pub(super) fn broken_key(name: &str, source: Source) -> Problem {
    let detail = format!(
        "{} contains a space, a line break or another invalid character. Files with Windows \
         line endings often leave one at the end.",
        source.sentence_start()
    );
    Problem { summary: format!("Invalid {name}"), detail, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_scheme_host_or_port_is_a_problem_and_secrets_are_not_shown() {
        let problem = |text: &str| {
            let source = Source::Variable("AWS_ENDPOINT_URL".to_owned());
            check(&Setting { value: text.to_owned(), source }, "a service").map(|one| one.detail)
        };
        for good in ["http://a", "https://a.b:1/c", "http://[::1]:4566", "http://u:p@a:1"] {
            assert_eq!(problem(good), None);
        }
        for bad in [
            "localhost:4566",
            "sts.internal.example",
            "ftp://a",
            "http://",
            "http://a:b",
            "http://a b",
        ] {
            let detail = problem(bad).unwrap_or_default();
            assert!(detail.contains(bad) && detail.contains("AWS_ENDPOINT_URL"), "{bad}: {detail}");
        }
        let detail = problem("user:hidden@host?token=hidden").unwrap_or_default();
        assert!(detail.contains("…@host") && !detail.contains("hidden"), "{detail}");
        assert_eq!(shown("http://user:hid?den@host:1/a?b=c"), "http://…@host:1/a");
    }
}
