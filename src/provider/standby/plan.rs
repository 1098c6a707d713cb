use crate::provider::configured::Configured;
use crate::provider::{Instance, PlannedChange};
use crate::tf::{Diagnostics, Path, Value, plan as generic};

use super::preflight::preflight;
use super::private::Private;
use super::validate::validate_planned;
use super::{key, schema};

/// Decides what a change will do: the generic rules of the schema, then what is particular to a
/// standby. No call is made, unless the provider block asks for a preflight check, and that only
/// adds to what is said.
///
/// The same arguments always give the same plan: Terraform plans again just before it applies, and
/// both plans must agree.
pub(in crate::provider) async fn plan(
    configured: &Configured,
    prior: Instance,
    proposed: Value,
    configuration: &Value,
) -> PlannedChange {
    if proposed.is_null() {
        let instance = Instance { state: Value::Null, ..prior };
        return PlannedChange {
            instance,
            requires_replace: Vec::new(),
            diagnostics: Diagnostics::new(),
        };
    }
    let private = Private::decode(&prior.private);
    let proposed = with_known_key(proposed, &prior.state, &private);
    let generic::Planned { mut state, mut requires_replace } =
        generic::plan(&schema().block, &prior.state, &proposed, configuration);

    // The Region that the configuration leaves to the provider is the provider's, even when that
    // has changed since the standby was made. While it is not known, an existing standby stays.
    if configuration.get("region").is_null() {
        let region = configured.planned_region().await;
        if prior.is_absent() {
            state.set("region", region);
        } else if !region.is_unknown() {
            if region != *prior.state.get("region") {
                requires_replace.push(Path::attribute("region"));
            }
            state.set("region", region);
        }
    }
    // A new spelling of the same key is no change: the old one stays.
    let kept = proposed.get("volume_encryption_key");
    if !prior.is_absent() && kept == prior.state.get("volume_encryption_key") && !kept.is_null() {
        state.set("volume_encryption_key", kept.clone());
        requires_replace.retain(|path| *path != Path::attribute("volume_encryption_key"));
    }
    state.set("tags_all", configured.tags().planned_all(configuration.get("tags")));
    requires_replace.sort();

    let mut diagnostics = validate_planned(
        configuration,
        state.get("region"),
        configured.tags(),
        !prior.is_absent() && !requires_replace.is_empty(),
    );
    if configured.configuration.preflight && !diagnostics.has_errors() {
        let is_new = prior.is_absent() || !requires_replace.is_empty();
        diagnostics.extend(preflight(configured, &prior.state, &state, is_new).await);
    }
    let Instance { private, identity, .. } = prior;
    PlannedChange { instance: Instance { state, private, identity }, requires_replace, diagnostics }
}

/// The proposed state, with the prior spelling of the encryption key where the new one certainly
/// names the same key.
fn with_known_key(mut proposed: Value, prior: &Value, private: &Private) -> Value {
    const NAME: &str = "volume_encryption_key";
    let same = match (prior.get(NAME).as_str(), proposed.get(NAME).as_str()) {
        (Some(before), Some(now)) => {
            let reported = private
                .key
                .as_ref()
                .filter(|key| key.configured == before)
                .and_then(|key| key.reported.as_deref());
            key::is_same(before, now) || reported.is_some_and(|arn| key::is_same(arn, now))
        }
        _ => false,
    };
    if same {
        proposed.set(NAME, prior.get(NAME).clone());
    }
    proposed
}
