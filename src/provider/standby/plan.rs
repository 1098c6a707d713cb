use crate::provider::attr::{Attr, Field};
use crate::provider::instance::{Instance, PlannedChange};
use crate::provider::managed::planned_region::plan_region;
use crate::provider::managed::stored::decode_private;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path, Value, plan as generic};

use super::key;
use super::model::{Standby, Stored};
use super::preflight::preflight;
use super::private::Private;
use super::schema::{NOUN, schema};
use super::validate::validate_planned;

/// What a plan starts from.
struct Change {
    /// Absent when a standby is created.
    prior: Option<Standby>,
    private: Private,
    configuration: Standby,
}

/// Plans a creation or an update: the rules of the schema, then what is particular to a standby.
/// Makes no call, unless the provider block asks for a preflight check, which only adds diagnostics.
///
/// The same arguments always give the same plan: Terraform plans again just before it applies, and
/// both plans must agree.
pub(super) async fn plan(
    session: &Session,
    prior: Instance,
    proposed: Value,
    configuration: Value,
) -> PlannedChange {
    let generic::Planned { state, mut requires_replace } =
        generic::plan(&schema().block, &prior.state, &proposed, &configuration);
    let change = Change {
        private: decode_private(&prior.private),
        configuration: Standby::decode(&configuration).unwrap_or_default(),
        prior: (!prior.is_absent()).then(|| Stored::decode(&prior).state),
    };
    let mut planned = Standby::decode(&state).unwrap_or_default();

    let prior_id = change.prior.as_ref().map(|prior| format!("{NOUN} {}", prior.id.text()));
    let prior_region = change.prior.as_ref().map(|prior| &prior.region);
    let moves = plan_region(
        session,
        &change.configuration.region,
        prior_region.zip(prior_id.as_deref()),
        &mut planned.region,
        &mut requires_replace,
    )
    .await;
    let alias = plan_key(&change, &mut planned, &mut requires_replace);
    planned.tags_all = session.tags().planned_all(&change.configuration.tags);
    requires_replace.sort();

    let replaces = change.prior.is_some() && !requires_replace.is_empty();
    let mut diagnostics =
        validate_planned(&change.configuration, &planned.region, session.tags(), replaces);
    if let Some(region) = planned.region.as_str() {
        diagnostics.extend(session.no_fips_at(region, "region").await);
    }
    diagnostics.extend(moves.into_iter().chain(alias));
    diagnostics.extend(planned.primary().and_then(|primary| {
        let existing = change.prior.as_ref().map(|prior| prior.id.text());
        session.planned.note(primary, existing.as_deref(), &configuration)
    }));
    diagnostics.extend(replication_ends(&change));
    if session.configuration.preflight && !diagnostics.has_errors() {
        let is_new = change.prior.is_none() || replaces;
        diagnostics.extend(preflight(session, change.prior.as_ref(), &planned, is_new).await);
    }
    let instance = Instance { state: planned.encode(), ..prior };
    PlannedChange { instance, requires_replace, diagnostics }
}

const KEY: &str = "volume_encryption_key";

/// Another spelling of the same key is no change. Gives a warning if it is not certain that it is the
/// same.
fn plan_key(
    change: &Change,
    planned: &mut Standby,
    requires_replace: &mut Vec<Path>,
) -> Option<Diagnostic> {
    let before = change.prior.as_ref()?.volume_encryption_key.as_str()?;
    let now = planned.volume_encryption_key.as_str()?;
    let warning = if before == now || is_same(before, now, &change.private) {
        planned.volume_encryption_key = before.into();
        None
    } else if change.private.key.is_none() && key::may_be_alias_of(now, before) {
        // The key of an imported standby, of which only the ARN is known. If the alias belongs to
        // another key, that is found out later; replacing the standby would be worse.
        Some(not_compared(now, before))
    } else {
        return None;
    };
    requires_replace.retain(|path| *path != Path::attribute(KEY));
    warning
}

fn is_same(before: &str, now: &str, private: &Private) -> bool {
    let remembered = private.key.as_ref().filter(|key| key.configured == before);
    let reported = remembered.and_then(|key| key.reported.as_deref());
    key::is_same(before, now) || reported.is_some_and(|arn| key::is_same(arn, now))
}

fn not_compared(alias: &str, before: &str) -> Diagnostic {
    let detail = format!(
        "The standby is encrypted with {before}, and the configuration has {alias}. The provider \
         does not call KMS, and assumes that the alias belongs to this key. If it does not, replace \
         the standby with `terraform apply -replace`, or set the ARN of the key."
    );
    let summary = "Cannot verify that the alias matches the current key";
    Diagnostic::warning(summary, detail).at(Path::attribute(KEY))
}

/// A warning if data replication is switched off only because the configuration leaves it out.
fn replication_ends(change: &Change) -> Option<Diagnostic> {
    let prior = change.prior.as_ref()?.data_replication.as_str()?;
    let ends = change.configuration.data_replication == Attr::Null && prior == "PRIMARY_AS_SOURCE";
    ends.then(|| {
        let detail = "Data replication is on, and the configuration does not set data_replication, \
                      whose default is NO_REPLICATION: applying this plan switches it off. To keep \
                      it on, set data_replication = \"PRIMARY_AS_SOURCE\".";
        let summary = "Data replication will be switched off";
        Diagnostic::warning(summary, detail).at(Path::attribute("data_replication"))
    })
}
