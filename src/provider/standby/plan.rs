use crate::provider::session::Session;
use crate::provider::{Instance, PlannedChange};
use crate::tf::{Diagnostic, Diagnostics, Path, Value, plan as generic};

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
    session: &Session,
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
    let adopted = adopted_alias(&proposed, &prior.state, &private);
    let mut proposed = with_known_key(proposed, &prior.state, &private);
    if adopted.is_some() {
        proposed.set(KEY, prior.state.get(KEY).clone());
    }
    let generic::Planned { mut state, mut requires_replace } =
        generic::plan(&schema().block, &prior.state, &proposed, configuration);

    // The Region that the configuration leaves to the provider is the provider's, even when that
    // has changed since the standby was made. While it is not known, an existing standby stays.
    if configuration.get("region").is_null() {
        let region = session.planned_region().await;
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
    if let Some(alias) = &adopted {
        state.set(KEY, alias.as_str().into());
    }
    state.set("tags_all", session.tags().planned_all(configuration.get("tags")));
    requires_replace.sort();

    let mut diagnostics = validate_planned(
        configuration,
        state.get("region"),
        session.tags(),
        !prior.is_absent() && !requires_replace.is_empty(),
    );
    let region = state.get("region").as_str();
    diagnostics.extend(region.and_then(|region| session.no_fips(region, "region")));
    diagnostics.extend(adopted.map(|alias| not_compared(&alias, prior.state.get(KEY))));
    diagnostics.extend(replication_ends(configuration, &prior.state));
    if session.configuration.preflight && !diagnostics.has_errors() {
        let is_new = prior.is_absent() || !requires_replace.is_empty();
        diagnostics.extend(preflight(session, &prior.state, &state, is_new).await);
    }
    let Instance { private, identity, .. } = prior;
    PlannedChange { instance: Instance { state, private, identity }, requires_replace, diagnostics }
}

const KEY: &str = "volume_encryption_key";

/// The alias that a configuration gives to the key of an imported standby, of which only the key's
/// ARN is known. Only KMS could compare the two, so the alias is taken for that key: the other way
/// to be wrong would be to destroy a desktop that was just imported.
fn adopted_alias(proposed: &Value, prior: &Value, private: &Private) -> Option<String> {
    let (before, now) = (prior.get(KEY).as_str()?, proposed.get(KEY).as_str()?);
    let arn = key::parse_arn(before).filter(|arn| arn.resource.starts_with("key/"))?;
    let is_alias = match key::parse_arn(now) {
        Some(alias) => alias.resource.starts_with("alias/") && alias.region == arn.region,
        None => now.starts_with("alias/"),
    };
    (private.key.is_none() && is_alias).then(|| now.to_owned())
}

fn not_compared(alias: &str, before: &Value) -> Diagnostic {
    let detail = format!(
        "The standby is encrypted with {}, and the configuration names {alias}. Whether these are \
         one key cannot be told without asking KMS; they are taken for one. If they are not, \
         replace the standby with `terraform apply -replace`, or write the ARN.",
        before.as_str().unwrap_or_default(),
    );
    Diagnostic::warning("Encryption key taken for the same", detail).at(Path::attribute(KEY))
}

/// A warning where data replication is switched off only because the configuration is silent.
fn replication_ends(configuration: &Value, prior: &Value) -> Option<Diagnostic> {
    const NAME: &str = "data_replication";
    let ends =
        configuration.get(NAME).is_null() && prior.get(NAME).as_str() == Some("PRIMARY_AS_SOURCE");
    ends.then(|| {
        let detail = "The standby's data is replicated now, and the configuration does not mention \
                      data_replication, which means NO_REPLICATION: applying this switches it off. \
                      To keep it, set data_replication = \"PRIMARY_AS_SOURCE\".";
        let summary = "Data replication will be switched off";
        Diagnostic::warning(summary, detail).at(Path::attribute(NAME))
    })
}

/// The proposed state, with the prior spelling of the encryption key where the new one certainly
/// names the same key.
fn with_known_key(mut proposed: Value, prior: &Value, private: &Private) -> Value {
    const NAME: &str = KEY;
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
