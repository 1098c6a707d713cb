use crate::aws::Region;
use crate::provider::attr::Attr;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path};

/// The Region that a configuration of `what` chooses, such as "data source", or the provider's.
///
/// # Errors
/// A diagnostic if neither has one.
pub(in crate::provider) async fn chosen_region(
    session: &Session,
    what: &str,
    configured: &Attr<String>,
) -> Result<Region, Diagnostic> {
    let name = match configured.as_str() {
        Some(name) => Some(name.to_owned()),
        None => session.client.default_region().await,
    };
    let name = name.ok_or_else(|| {
        let detail = format!(
            "Neither the {what} nor the provider block has a Region. Set region in one of them to \
             the Region of the standbys."
        );
        Diagnostic::error("No Region", detail).at(Path::attribute("region"))
    })?;
    Ok(session.client.region(&name).await)
}
