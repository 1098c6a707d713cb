//! Connections: proxies, certificates, endpoints, retries and the user agent.

use crate::aws::{Secret, Settings};
use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Type, Validator, Value};

use super::{Input, text, truth};

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "http_proxy",
            "URL of the proxy for HTTP requests, and for HTTPS requests if neither `https_proxy` nor \
             its environment variable is set. An empty string means no proxy. Also set by \
             `HTTP_PROXY` or `http_proxy`, which apply to HTTP only. The loopback addresses and the \
             instance metadata service are always reached directly.",
        ),
        text(
            "https_proxy",
            "URL of the proxy for HTTPS requests. An empty string means no proxy. Also set by \
             `HTTPS_PROXY` or `https_proxy`.",
        ),
        text(
            "no_proxy",
            "Comma-separated hosts, domains and CIDR blocks, each with an optional port, that do not \
             use a proxy; `*` for all. Also set by `NO_PROXY` or `no_proxy`.",
        ),
        text(
            "custom_ca_bundle",
            "File of CA certificates in PEM format to trust instead of the machine's root \
             certificates. `~` and environment variables are expanded. Also set by \
             `AWS_CA_BUNDLE`.",
        ),
        truth(
            "insecure",
            "Do not verify the certificates of servers, whether or not `custom_ca_bundle` is set. \
             The default is `false`. With `true` an attacker on the network can read and change \
             requests.",
        ),
        truth(
            "use_fips_endpoint",
            "Use FIPS endpoints, which Amazon WorkSpaces has in a few Regions. Does not apply to \
             services in `endpoints`. Also set by `AWS_USE_FIPS_ENDPOINT`.",
        ),
        truth(
            "use_dualstack_endpoint",
            "Use dual-stack (IPv4 and IPv6) endpoints. Does not apply to services in `endpoints`. \
             Also set by `AWS_USE_DUALSTACK_ENDPOINT`.",
        ),
        Attribute::optional(
            "max_retries",
            Type::Number,
            "Maximum number of attempts for a request that is throttled or fails on the network. \
             The default is 25. Also set by `AWS_MAX_ATTEMPTS`.",
        )
        .validator(Validator::Between(0, 1000)),
        text(
            "retry_mode",
            "`standard` or `adaptive`. Also set by `AWS_RETRY_MODE`. The value has no effect: the \
             provider always slows down requests after AWS has throttled one.",
        )
        .validator(Validator::OneOf(&["standard", "adaptive"])),
        Attribute::optional(
            "token_bucket_rate_limiter_capacity",
            Type::Number,
            "Retry token bucket capacity. Retries are unlimited by default.",
        )
        .validator(Validator::Between(0, 1_000_000)),
        Attribute::optional(
            "user_agent",
            Type::list(Type::String),
            "Products to add to the user agent of every request, each as `name/version (comment)`. \
             The value of `TF_APPEND_USER_AGENT` is added after them.",
        )
        .validator(Validator::Pattern("^[ -~]*$", "printable ASCII characters")),
    ]
}

/// Invalid URLs of proxies. This is not a rule of the schema because the message must not repeat the
/// value, which may contain a password.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for name in ["http_proxy", "https_proxy"] {
        let Some(text) = block.get(name).as_str().filter(|text| !text.is_empty()) else { continue };
        let host = ["http://", "https://", "socks5://", "socks5h://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let host = host.unwrap_or(text).trim_end_matches('/');
        if host.is_empty() || host.contains(|c: char| c == '/' || !c.is_ascii_graphic()) {
            let detail = "Expected the URL of a proxy, such as http://proxy:3128, \
                          http://user:password@proxy:3128 or socks5://proxy:1080. The value is not \
                          shown because it may contain a password.";
            let invalid = Diagnostic::error(format!("Invalid {name}"), detail);
            diagnostics.push(invalid.at(Path::attribute(name)));
        }
    }
    diagnostics
}

pub(super) fn read(input: &Input<'_>, settings: &mut Settings) {
    // Set but empty means no proxy.
    let proxy = |name: &str| input.block.get(name).as_str().map(Secret::new);
    let connection = &mut settings.connection;
    connection.https_proxy = proxy("https_proxy");
    connection.http_proxy = proxy("http_proxy");
    connection.no_proxy = input.text("no_proxy");
    connection.ca_bundle = input.path("custom_ca_bundle");
    connection.insecure = input.truth("insecure").unwrap_or_default();
    settings.use_fips = input.truth("use_fips_endpoint");
    settings.use_dualstack = input.truth("use_dualstack_endpoint");
    settings.max_attempts = whole(input, "max_retries");
    settings.retry_tokens = whole(input, "token_bucket_rate_limiter_capacity");
    settings.appended_user_agent = input.texts("user_agent");
    settings.appended_user_agent.extend(
        input
            .variable("TF_APPEND_USER_AGENT")
            .map(|text| text.trim().to_owned())
            .filter(|text| text.chars().all(|c| c == ' ' || c.is_ascii_graphic())),
    );
    settings.appended_user_agent.retain(|text| !text.is_empty());
}

fn whole(input: &Input<'_>, name: &str) -> Option<u32> {
    input.block.get(name).as_number()?.as_i64().and_then(|number| u32::try_from(number).ok())
}
