use std::net::IpAddr;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use ipnet::IpNet;

use crate::aws::config::access::resolve::Connections;
use crate::aws::config::access::source::{Setting, Source};
use crate::aws::config::settings::Secret;
use crate::aws::error::transport::BadConnection;

/// The proxy for each address. The rules are those of Go's HTTP client, which hashicorp/aws uses.
///
/// <https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config>
pub(super) struct Proxies {
    matcher: Matcher,
    exempt: Vec<Exempt>,
}

/// Addresses that are reached without a proxy.
#[derive(Debug, PartialEq, Eq)]
struct Exempt {
    hosts: Hosts,
    /// This port alone.
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    All,
    Network(IpNet),
    /// All names that end in it; it begins with a dot.
    Below(String),
    /// The name, and all below it.
    Domain(String),
}

impl Proxies {
    /// # Errors
    /// The address of a proxy is none.
    pub(super) fn new(connection: &Connections) -> Result<Self, BadConnection> {
        let Connections { http_proxy, https_proxy, no_proxy, .. } = connection;
        let mut matcher = Matcher::builder();
        if let Some(proxy) = usable(http_proxy.as_ref())? {
            matcher = matcher.http(proxy);
        }
        if let Some(proxy) = usable(https_proxy.as_ref())? {
            matcher = matcher.https(proxy);
        }
        let exempt = no_proxy.as_deref().unwrap_or_default();
        let exempt = exempt.split(',').filter_map(Exempt::parse).collect();
        Ok(Self { matcher: matcher.build(), exempt })
    }

    /// The proxy for an address, with its password.
    pub(super) fn proxy_for(&self, to: &Uri) -> Option<Intercept> {
        let host = to.host()?.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let port = to.port_u16().unwrap_or(if to.scheme_str() == Some("http") { 80 } else { 443 });
        let is_exempt = is_near(&host) || self.exempt.iter().any(|exempt| exempt.has(&host, port));
        if is_exempt { None } else { self.matcher.intercept(to) }
    }
}

/// The text of a proxy that is set.
fn usable(proxy: Option<&Setting<Secret>>) -> Result<Option<&str>, BadConnection> {
    let Some(Setting { value: proxy, source }) = proxy else { return Ok(None) };
    let anywhere = Uri::from_static("http://example.com/");
    let understood = Matcher::builder().http(proxy.reveal()).build().intercept(&anywhere);
    let is_known = |uri: &Uri| SCHEMES.iter().any(|scheme| uri.scheme_str() == Some(scheme));
    match understood.as_ref().map(Intercept::uri) {
        Some(uri) if is_known(uri) && has_port(uri) => Ok(Some(proxy.reveal())),
        _ => Err(BadConnection::Proxy {
            place: source.to_string(),
            argument: match source {
                Source::Argument(name) => Some(name),
                _ => None,
            },
        }),
    }
}

/// The schemes of Go's HTTP client. `socks5` and `socks5h` are the same there: the proxy resolves
/// names.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// Whether what follows the host, where anything does, is a port.
fn has_port(uri: &Uri) -> bool {
    let behind = uri.authority().zip(uri.host()).map(|(whole, host)| &whole.as_str()[host.len()..]);
    behind.is_some_and(str::is_empty) || uri.port_u16().is_some()
}

/// Whether no proxy is used: for this machine, and for the addresses that return the credentials of a
/// machine or a container.
fn is_near(host: &str) -> bool {
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            // The metadata of EC2 and of EKS, in fd00:ec2::/32.
            let is_metadata = address.segments()[..2] == [0xfd00, 0x0ec2];
            address.is_loopback() || address.is_unicast_link_local() || is_metadata
        }
        Err(_) => host == "localhost",
    }
}

impl Exempt {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim().to_ascii_lowercase();
        if entry.is_empty() {
            return None;
        }
        if entry == "*" {
            return Some(Self { hosts: Hosts::All, port: None });
        }
        // An address of IPv6 has colons of its own.
        if let Some(network) = network(&entry) {
            return Some(Self { hosts: Hosts::Network(network), port: None });
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (entry.as_str(), None),
        };
        let hosts = if let Some(network) = network(host) {
            Hosts::Network(network)
        } else if host.starts_with('.') {
            Hosts::Below(host.to_owned())
        } else if let Some(domain) = host.strip_prefix('*') {
            Hosts::Below(domain.to_owned())
        } else if host.is_empty() {
            return None;
        } else {
            Hosts::Domain(host.to_owned())
        };
        Some(Self { hosts, port })
    }

    fn has(&self, host: &str, port: u16) -> bool {
        if self.port.is_some_and(|only| only != port) {
            return false;
        }
        match &self.hosts {
            Hosts::All => true,
            Hosts::Network(network) => {
                host.parse::<IpAddr>().is_ok_and(|address| network.contains(&address))
            }
            Hosts::Below(suffix) => host.ends_with(suffix),
            Hosts::Domain(domain) => host
                .strip_suffix(domain.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.')),
        }
    }
}

/// A network, or a single address as one.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim_start_matches('[').trim_end_matches(']');
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(http: &str, https: &str, no_proxy: &str) -> Proxies {
        let secret = |text: &str| {
            (!text.is_empty()).then(|| Setting::argument("http_proxy", Secret::new(text)))
        };
        let connection = Connections {
            http_proxy: secret(http),
            https_proxy: secret(https),
            no_proxy: Some(no_proxy.to_owned()),
            ..Connections::default()
        };
        Proxies::new(&connection).expect("both are addresses")
    }

    /// The proxy on the way to an address; empty for none.
    fn way(proxies: &Proxies, to: &str) -> String {
        let proxy = proxies.proxy_for(&to.parse().expect("an address"));
        proxy.map(|proxy| proxy.uri().to_string()).unwrap_or_default()
    }

    #[test]
    fn each_scheme_has_its_own_proxy() {
        let both = proxies("http://one:1", "two:2", "");
        assert_eq!(way(&both, "http://example.com/"), "http://one:1/");
        assert_eq!(way(&both, "https://example.com/"), "http://two:2/");
        let socks = proxies("socks5://one:1", "socks5h://two:2", "");
        assert_eq!(way(&socks, "http://example.com/"), "socks5://one:1/");
        assert_eq!(way(&socks, "https://example.com/"), "socks5h://two:2/");
        let none = proxies("http://one:1", "", "");
        assert_eq!(way(&none, "https://example.com/"), "");
    }

    #[test]
    fn exempt_and_local_addresses_are_reached_without_a_proxy() {
        for (no_proxy, to, is_direct) in [
            ("", "https://api.example.com", false),
            ("*", "https://api.example.com", true),
            ("example.com", "https://example.com", true),
            ("example.com", "https://api.Example.com", true),
            ("example.com", "https://anexample.com", false),
            (".example.com", "https://api.example.com", true),
            (".example.com", "https://example.com", false),
            ("*.example.com", "https://api.example.com", true),
            ("*.example.com", "https://example.com", false),
            ("other.org, Example.com ,", "https://example.com", true),
            ("example.com:443", "https://example.com", true),
            ("example.com:80", "https://example.com", false),
            ("example.com:8080", "http://example.com:8080", true),
            ("10.1.0.0/16", "https://10.1.2.3", true),
            ("10.1.0.0/16", "https://10.2.2.3", false),
            ("10.1.2.3", "https://10.1.2.3", true),
            ("10.1.2.3:8443", "https://10.1.2.3:8443", true),
            ("2001:db8::/32", "https://[2001:db8::1]", true),
            ("2001:db8::1", "https://[2001:db8::1]:8443", true),
            ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443", true),
            ("[2001:db8::1]:8443", "https://[2001:db8::1]", false),
            ("", "http://localhost:4566", true),
            ("", "http://127.0.0.1:4566", true),
            ("", "http://[::1]:4566", true),
            ("", "http://169.254.169.254/latest", true),
            ("", "http://[fd00:ec2::254]/latest", true),
        ] {
            let found = way(&proxies("http://one:1", "http://one:1", no_proxy), to);
            assert_eq!(found.is_empty(), is_direct, "no_proxy {no_proxy:?}, to {to}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for address in ["socks4://one:1", "http://", "ftp://one", "http://one:two", "http://one:"] {
            let http_proxy = Some(Setting::argument("http_proxy", Secret::new(address)));
            let connection = Connections { http_proxy, ..Connections::default() };
            let refused = Proxies::new(&connection).err().map(|error| error.to_string());
            let expected = "the address of the proxy in the argument http_proxy of the provider \
                            block is not a valid proxy URL";
            assert_eq!(refused.as_deref(), Some(expected), "{address}");
        }
    }
}
