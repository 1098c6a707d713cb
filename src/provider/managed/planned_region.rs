use crate::aws::partition;
use crate::provider::attr::Attr;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path};

/// A Region that the configuration leaves out is the provider's, even if that has changed since the
/// resource was created or is not the Region that an import named; a warning says so. While the
/// provider's Region is unknown, an existing resource stays. One in another partition is an error.
///
/// `prior` is the Region of an existing resource and what to call it, such as "standby ws-0a1b2c3d4".
pub(in crate::provider) async fn plan_region(
    session: &Session,
    configured: &Attr<String>,
    prior: Option<(&Attr<String>, &str)>,
    planned: &mut Attr<String>,
    requires_replace: &mut Vec<Path>,
) -> Option<Diagnostic> {
    let region = session.planned_region().await;
    if !configured.is_null() {
        return other_partition(session, configured, &region);
    }
    let mut warning = None;
    if let Some((prior, what)) = prior {
        if region.is_unknown() {
            return None;
        }
        if region != *prior {
            requires_replace.push(Path::attribute("region"));
            warning = moves(what, prior, &region);
        }
    }
    *planned = region;
    warning
}

/// An error about a Region that the provider's credentials cannot reach: they are of one partition.
fn other_partition(
    session: &Session,
    configured: &Attr<String>,
    provider: &Attr<String>,
) -> Option<Diagnostic> {
    let (region, provider) = (configured.as_str()?, provider.as_str()?);
    if session.configuration.skip_region_validation || partition(region) == partition(provider) {
        return None;
    }
    let detail = format!(
        "{region} is in the partition {}, and the provider's Region {provider} is in {}. \
         Credentials are valid in one partition only. Use a provider configuration for {}.",
        partition(region),
        partition(provider),
        partition(region)
    );
    let error = Diagnostic::error("The Region is in another partition", detail);
    Some(error.at(Path::attribute("region")))
}

/// A warning that a resource is replaced only because the configuration leaves out its Region.
fn moves(what: &str, prior: &Attr<String>, region: &Attr<String>) -> Option<Diagnostic> {
    let (here, there) = (prior.as_str()?, region.as_str()?);
    let detail = format!(
        "The {what} is in {here}. The configuration does not set region, and the provider's Region \
         is {there}, so the plan replaces it with a new one there. To keep it, add this argument to \
         the resource:\n\n  region = \"{here}\""
    );
    let summary = format!("The {what} is in another Region than the provider");
    Some(Diagnostic::warning(summary, detail).at(Path::attribute("region")))
}
