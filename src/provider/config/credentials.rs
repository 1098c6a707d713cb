//! Credentials: keys, profiles, shared files and the EC2 instance metadata.

use crate::aws::{Secret, Settings};
use crate::tf::{Attribute, Type, Validator};

use super::{Input, text, url};

pub(super) fn attributes() -> Vec<Attribute> {
    vec![
        text("access_key", "Access key ID. Also set by `AWS_ACCESS_KEY_ID`.")
            .validator(Validator::Pattern(
                "^[!-~]*$",
                "an access key ID without spaces or line breaks",
            ))
            .validator(Validator::AlsoRequires(&["secret_key"])),
        text("secret_key", "Secret access key. Also set by `AWS_SECRET_ACCESS_KEY`.")
            .sensitive()
            .validator(Validator::Pattern("^[!-~]*$", "a key without spaces or line breaks"))
            .validator(Validator::AlsoRequires(&["access_key"])),
        text("token", "Session token of temporary credentials. Also set by `AWS_SESSION_TOKEN`.")
            .sensitive()
            .validator(Validator::Pattern("^[!-~]*$", "a token without spaces or line breaks"))
            .validator(Validator::AlsoRequires(&["access_key"])),
        text(
            "profile",
            "Profile in the shared configuration and credentials files. It takes precedence over \
             credentials in the environment. Also set by `AWS_PROFILE` and `AWS_DEFAULT_PROFILE`, \
             which do not take precedence.",
        ),
        Attribute::optional(
            "shared_config_files",
            Type::list(Type::String),
            "Shared configuration files. The default is `~/.aws/config`. `~` and environment \
             variables are expanded. Also set by `AWS_CONFIG_FILE`.",
        ),
        Attribute::optional(
            "shared_credentials_files",
            Type::list(Type::String),
            "Shared credentials files. The default is `~/.aws/credentials`. `~` and environment \
             variables are expanded. Also set by `AWS_SHARED_CREDENTIALS_FILE`.",
        ),
        text(
            "skip_metadata_api_check",
            "With `true` the provider does not use the EC2 instance metadata service for \
             credentials and Region. `false` overrides `AWS_EC2_METADATA_DISABLED`.",
        )
        .validator(Validator::OneOf(&["true", "false", ""])),
        text(
            "ec2_metadata_service_endpoint",
            "URL of the EC2 instance metadata service. Also set by `AWS_EC2_METADATA_SERVICE_ENDPOINT`.",
        )
        .validator(url()),
        text(
            "ec2_metadata_service_endpoint_mode",
            "Protocol of the EC2 instance metadata service if no URL is set: `IPv4`, the default, or \
             `IPv6`. Also set by `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`.",
        )
        .validator(Validator::OneOf(&["IPv4", "IPv6"])),
    ]
}

pub(super) fn read(input: &Input<'_>, settings: &mut Settings) {
    settings.access_key = input.text("access_key");
    settings.secret_key = input.text("secret_key").map(Secret::new);
    settings.token = input.text("token").map(Secret::new);
    settings.profile = input.text("profile");
    settings.shared_config_files = paths(input, "shared_config_files");
    settings.shared_credentials_files = paths(input, "shared_credentials_files");
    settings.metadata.disabled = input.text("skip_metadata_api_check").map(|text| text == "true");
    settings.metadata.endpoint = input.text("ec2_metadata_service_endpoint");
    settings.metadata.ipv6 = input
        .text("ec2_metadata_service_endpoint_mode")
        .map(|mode| mode.eq_ignore_ascii_case("IPv6"));
}

fn paths(input: &Input<'_>, name: &str) -> Vec<String> {
    let expanded = |path: String| super::paths::expanded(&path, input.environment);
    input.texts(name).into_iter().map(expanded).collect()
}
