use http::{HeaderMap, Uri};

/// Which names clients may use for the simulator.
///
/// A web page can make a browser send requests to a loopback address: under a name of its own that
/// resolves to it (DNS rebinding), or as a form that it posts. The first shows in `Host`, the second
/// in `Origin`.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    hosts: Vec<String>,
}

impl Guard {
    /// Allows the loopback names, and these hosts.
    pub(super) fn new(hosts: &[String]) -> Self {
        Self { hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// Why a request is not answered, if it is not.
    pub(super) fn objection(&self, headers: &HeaderMap) -> Option<String> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let host = text("host").unwrap_or_default();
        if !self.allows(&format!("http://{host}")) {
            return Some(format!(
                "Host '{host}' is not a loopback name. To use another one, start the simulator \
                 with --allow-host."
            ));
        }
        let origin = text("origin")?;
        let message = format!("Origin '{origin}' is not that of the simulator.");
        (!self.allows(origin)).then_some(message)
    }

    fn allows(&self, uri: &str) -> bool {
        let Some(host) =
            uri.parse::<Uri>().ok().and_then(|uri| Some(uri.host()?.to_ascii_lowercase()))
        else {
            return false;
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        is_loopback
            || host == "localhost"
            || host.ends_with(".localhost")
            || self.hosts.contains(&host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_and_allowed_ones_are_answered() {
        let guard = Guard::new(&["Simulator".to_owned()]);
        for (host, origin, is_answered) in [
            ("127.0.0.1:4566", None, true),
            ("127.9.9.9", None, true),
            ("[::1]:4566", None, true),
            ("localhost:4566", Some("http://localhost:4566"), true),
            ("workspaces.localhost:4566", None, true),
            ("simulator:4566", None, true),
            ("rebound.example.com:4566", None, false),
            ("127.0.0.1.example.com", None, false),
            ("10.0.0.1:4566", None, false),
            ("", None, false),
            ("127.0.0.1:4566", Some("https://example.com"), false),
            ("127.0.0.1:4566", Some("null"), false),
            ("127.0.0.1:4566", Some("http://127.0.0.1:4566"), true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("host", host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert("origin", origin.parse().unwrap());
            }
            let objection = guard.objection(&headers);
            assert_eq!(objection.is_none(), is_answered, "{host} {origin:?}: {objection:?}");
        }
    }
}
