use crate::provider::attr::Attr;
use crate::provider::instance::{Instance, PlannedChange};
use crate::provider::managed::location::Subject;
use crate::provider::managed::planned_region::plan_region;
use crate::provider::session::Session;
use crate::tf::{Block, Diagnostics, Value, plan as generic};

/// Plans a resource that follows the rules of its schema and has an argument `region`, whose default
/// is the provider's Region. Makes no call.
pub(in crate::provider) async fn plan(
    session: &Session,
    (block, subject): (&Block, &Subject),
    prior: Instance,
    proposed: &Value,
    configuration: &Value,
) -> PlannedChange {
    let generic::Planned { mut state, mut requires_replace } =
        generic::plan(block, &prior.state, proposed, configuration);
    let region_of = |value: &Value| Attr::<String>::decode(value.get("region"));
    let (mut region, before) = (region_of(&state), region_of(&prior.state));
    let id = prior.state.get(subject.key).as_str().unwrap_or_default();
    let what = subject.with_noun(id);
    let existing = (!prior.is_absent()).then_some((&before, what.as_str()));
    let configured = region_of(configuration);
    let moves =
        plan_region(session, &configured, existing, &mut region, &mut requires_replace).await;
    requires_replace.sort();
    let mut diagnostics = Diagnostics::new();
    if let Some(region) = region.as_str() {
        diagnostics.extend(session.no_fips_at(region, "region").await);
    }
    diagnostics.extend(moves);
    state.set("region", region.encode());
    PlannedChange { instance: Instance { state, ..prior }, requires_replace, diagnostics }
}
