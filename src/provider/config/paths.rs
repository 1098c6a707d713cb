//! Paths with environment variables and `~`, as in hashicorp/aws.

use super::Environment;

/// The path with `$NAME`, `${NAME}` and a leading `~` expanded; an unset variable is empty.
pub(super) fn expanded(path: &str, environment: &Environment) -> String {
    let mut whole = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('$') {
        whole += before;
        let (name, tail) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some(braced) => braced,
            None => {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                after.split_at(end.unwrap_or(after.len()))
            }
        };
        if name.is_empty() {
            whole.push('$');
        }
        whole += environment.get(name).map_or("", String::as_str);
        rest = tail;
    }
    whole += rest;
    match whole.strip_prefix('~') {
        Some(below) if below.is_empty() || below.starts_with(['/', '\\']) => {
            home(environment) + below
        }
        _ => whole,
    }
}

/// The user's home directory; `~` if it is not known.
pub(super) fn home(environment: &Environment) -> String {
    let named = ["HOME", "USERPROFILE"].into_iter().find_map(|name| environment.get(name));
    named.filter(|home| !home.is_empty()).map_or("~", String::as_str).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_the_home_are_replaced() {
        let environment = [("HOME", "/home/ana"), ("TEAM", "desks")];
        let environment =
            environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        for (path, expected) in [
            ("/etc/aws", "/etc/aws"),
            ("~/.aws/config", "/home/ana/.aws/config"),
            ("~", "/home/ana"),
            ("~bo/.aws", "~bo/.aws"),
            ("a/~/b", "a/~/b"),
            ("$HOME/x", "/home/ana/x"),
            ("${HOME}/$TEAM.pem", "/home/ana/desks.pem"),
            ("/a/$NOTHING/b", "/a//b"),
            ("/a/$/b", "/a/$/b"),
            ("/a/${HOME", "/a/${HOME"),
        ] {
            assert_eq!(expanded(path, &environment), expected, "{path}");
        }
    }
}
