//! How calls travel: proxies, certificates, retries, and what they say of the caller.

use crate::aws::{Secret, Settings};
use crate::tf::{Attribute, Diagnostic, Diagnostics, Path, Type, Validator, Value};

use super::{Input, text, truth};

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text(
            "http_proxy",
            "URL of the proxy for `http` addresses, and for `https` ones unless `https_proxy` or its \
             variable says otherwise; empty for none. Also `HTTP_PROXY` or `http_proxy`, which are \
             for `http` alone. This machine and the addresses of its metadata need no proxy.",
        ),
        text(
            "https_proxy",
            "URL of the proxy for `https` addresses; empty for none. Also `HTTPS_PROXY` or \
             `https_proxy`.",
        ),
        text(
            "no_proxy",
            "Hosts, domains and address ranges to reach without a proxy, separated by commas, each \
             with a port where it is meant for one only; `*` for all. Also `NO_PROXY` or `no_proxy`.",
        ),
        text(
            "custom_ca_bundle",
            "File with certificates of authorities (PEM) to trust instead of the machine's own; `~` \
             and variables of the environment are replaced. Also `AWS_CA_BUNDLE`.",
        ),
        truth(
            "insecure",
            "Accept whatever certificate a server shows, `custom_ca_bundle` or not. Off by default; \
             anybody on the way can then read and change what is sent.",
        ),
        truth(
            "use_fips_endpoint",
            "Use the endpoints with FIPS 140 cryptography, which Amazon WorkSpaces has in a few \
             Regions. Not for services that `endpoints` names. Also `AWS_USE_FIPS_ENDPOINT`.",
        ),
        truth(
            "use_dualstack_endpoint",
            "Use the endpoints that can be reached over IPv6 too. Not for services that `endpoints` \
             names. Also `AWS_USE_DUALSTACK_ENDPOINT`.",
        ),
        Attribute::optional(
            "max_retries",
            Type::Number,
            "How often a call is tried in all when AWS throttles it or the network fails, 25 by \
             default. Also `AWS_MAX_ATTEMPTS`.",
        )
        .validator(Validator::Between(0, 1000)),
        text(
            "retry_mode",
            "`standard`, the default, or `adaptive`, which also holds calls back once AWS has \
             throttled one. Also `AWS_RETRY_MODE`.",
        )
        .validator(Validator::OneOf(&["standard", "adaptive"])),
        Attribute::optional(
            "token_bucket_rate_limiter_capacity",
            Type::Number,
            "How many tokens calls have for being tried again before no more are; by default their \
             number is not limited.",
        )
        .validator(Validator::Between(0, 1_000_000)),
        Attribute::optional(
            "user_agent",
            Type::list(Type::String),
            "Products to add to the user agent of every call, each as `name/version (comment)`. \
             Also `TF_APPEND_USER_AGENT`, added behind them as it is.",
        )
        .validator(Validator::Pattern("^[ -~]*$", "printable ASCII characters")),
    ]
}

/// Addresses of proxies that are none. Not a rule of the schema: what was given may hold a password,
/// and is not repeated.
pub(super) fn validate(block: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for name in ["http_proxy", "https_proxy"] {
        let Some(text) = block.get(name).as_str().filter(|text| !text.is_empty()) else { continue };
        let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let host = host.unwrap_or(text).trim_end_matches('/');
        if host.is_empty() || host.contains(|c: char| c == '/' || !c.is_ascii_graphic()) {
            let detail = "Expected the address of a proxy, such as http://proxy:3128 or \
                          http://user:password@proxy:3128. What was given is not shown, because it \
                          may hold a password.";
            let invalid = Diagnostic::error(format!("Invalid {name}"), detail);
            diagnostics.push(invalid.at(Path::attribute(name)));
        }
    }
    diagnostics
}

pub(super) fn read(input: &Input<'_>, settings: &mut Settings) {
    let variable = |upper: &str| {
        let lower = upper.to_ascii_lowercase();
        input.variable(upper).or_else(|| input.variable(&lower))
    };
    // One that is set but empty means that there is none.
    let in_block = |name: &str| {
        let text = input.block.get(name).as_str()?;
        Some(Some(text.to_owned()).filter(|text| !text.is_empty()))
    };
    let http = in_block("http_proxy");
    let https = in_block("https_proxy")
        .unwrap_or_else(|| variable("HTTPS_PROXY").or_else(|| http.clone().flatten()));
    let http = http.unwrap_or_else(|| variable("HTTP_PROXY"));
    let connection = &mut settings.connection;
    connection.https_proxy = https.map(Secret::new);
    connection.http_proxy = http.map(Secret::new);
    connection.no_proxy = input.text("no_proxy").or_else(|| variable("NO_PROXY"));
    connection.ca_bundle =
        input.path("custom_ca_bundle").or_else(|| input.variable("AWS_CA_BUNDLE"));
    connection.insecure = input.truth("insecure").unwrap_or_default();
    settings.use_fips =
        input.truth("use_fips_endpoint").or_else(|| input.switch("AWS_USE_FIPS_ENDPOINT"));
    settings.use_dualstack = input
        .truth("use_dualstack_endpoint")
        .or_else(|| input.switch("AWS_USE_DUALSTACK_ENDPOINT"));
    settings.max_attempts =
        whole(input, "max_retries").or_else(|| input.variable("AWS_MAX_ATTEMPTS")?.parse().ok());
    settings.adaptive_retries = input
        .text("retry_mode")
        .or_else(|| input.variable("AWS_RETRY_MODE"))
        .is_some_and(|mode| mode.eq_ignore_ascii_case("adaptive"));
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
