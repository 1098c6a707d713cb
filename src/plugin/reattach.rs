use serde_json::json;

use super::handshake::PROTOCOL_VERSION;

/// The variable assignment that makes Terraform use a running provider, quoted for a POSIX shell.
///
/// With `Test`, Terraform does not end the process. The format is documented at
/// <https://developer.hashicorp.com/terraform/plugin/debugging#debugger-based-debugging>.
pub(super) fn assignment(
    provider_address: &str,
    process: u32,
    network: &str,
    address: &str,
) -> String {
    let providers = json!({
        provider_address: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": process,
            "Test": true,
            "Addr": { "Network": network, "String": address },
        }
    });
    format!("TF_REATTACH_PROVIDERS='{}'", providers.to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn the_assignment_is_valid_json_in_single_quotes() {
        let text = assignment("registry.terraform.io/a/b", 123, "unix", "/tmp/it's/plugin");
        let quoted =
            text.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
        let json: serde_json::Value =
            serde_json::from_str(&quoted.unwrap().replace(r"'\''", "'")).unwrap();
        let provider = &json["registry.terraform.io/a/b"];
        assert_eq!(provider["Protocol"], "grpc");
        assert_eq!(provider["ProtocolVersion"], 6);
        assert_eq!(provider["Pid"], 123);
        assert_eq!(provider["Test"], true);
        assert_eq!(provider["Addr"]["Network"], "unix");
        assert_eq!(provider["Addr"]["String"], "/tmp/it's/plugin");
    }
}
