use std::process;

use serde_json::json;

use super::handshake::PROTOCOL_VERSION;

/// The value of `TF_REATTACH_PROVIDERS` that makes Terraform use a provider that this process serves.
///
/// With `Test`, Terraform does not end the process. The format is documented at
/// <https://developer.hashicorp.com/terraform/plugin/debugging#debugger-based-debugging>.
pub fn reattach(provider_address: &str, network: &str, address: &str) -> String {
    let providers = json!({
        provider_address: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": process::id(),
            "Test": true,
            "Addr": { "Network": network, "String": address },
        }
    });
    providers.to_string()
}

/// The assignment of that variable, quoted for a POSIX shell.
pub(super) fn assignment(provider_address: &str, network: &str, address: &str) -> String {
    let providers = reattach(provider_address, network, address);
    format!("TF_REATTACH_PROVIDERS='{}'", providers.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn the_assignment_is_valid_json_in_single_quotes() {
        let text = assignment("registry.terraform.io/a/b", "unix", "/tmp/it's/plugin");
        let quoted =
            text.strip_prefix("TF_REATTACH_PROVIDERS='").and_then(|rest| rest.strip_suffix('\''));
        let json: serde_json::Value =
            serde_json::from_str(&quoted.unwrap().replace(r"'\''", "'")).unwrap();
        let provider = &json["registry.terraform.io/a/b"];
        assert_eq!(provider["Protocol"], "grpc");
        assert_eq!(provider["ProtocolVersion"], 6);
        assert_eq!(provider["Pid"], std::process::id());
        assert_eq!(provider["Test"], true);
        assert_eq!(provider["Addr"]["Network"], "unix");
        assert_eq!(provider["Addr"]["String"], "/tmp/it's/plugin");
    }
}
