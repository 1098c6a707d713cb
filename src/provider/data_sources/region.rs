use crate::aws::Region;
use crate::provider::attr::Attr;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path};

/// The Region of a data source's configuration, or the provider's.
///
/// # Errors
/// A diagnostic if neither has one.
pub(super) async fn region(
    session: &Session,
    configured: &Attr<String>,
) -> Result<Region, Diagnostic> {
    let name = match configured.as_str() {
        Some(name) => Some(name.to_owned()),
        None => session.client.default_region().await,
    };
    let name = name.ok_or_else(|| {
        let detail = "Neither the data source nor the provider block has a Region. Set region in \
                      one of them to the Region of the standbys.";
        Diagnostic::error("No Region", detail).at(Path::attribute("region"))
    })?;
    Ok(session.client.region(&name).await)
}
