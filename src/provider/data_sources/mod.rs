//! The data sources: `aws_workspaces_standby` finds one standby, `aws_workspaces_standbys` many,
//! and can wait until all of them are ready.
//!
//! - `schema` declares both; what they show of a standby is what the resource shows of it.
//! - `one` and `many` read them, `ready` is the wait of a fleet.
//! - `recent` remembers what this process has made, because AWS does not show it at once.
//!
//! Only the standby Region is asked, as when the resource is refreshed.

mod schema;
mod standby;
mod standbys;
mod wait;

pub(super) use schema::{many as many_schema, one as one_schema};
pub(super) use standby::{read as read_one, validate as validate_one};
pub(super) use standbys::read as read_many;

use crate::aws::Region;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Path, Value};

/// The plural data source's type name; the singular one has the resource's.
pub(super) const MANY: &str = "aws_workspaces_standbys";

/// The Region that a data source names, or the provider's.
///
/// # Errors
/// A diagnostic where nobody names one.
async fn region(session: &Session, config: &Value) -> Result<Region, Diagnostic> {
    let name = match config.get("region").as_str() {
        Some(name) => Some(name.to_owned()),
        None => session.cloud.default_region().await,
    };
    let name = name.ok_or_else(|| {
        let detail = "Neither the data source nor the provider block names a Region. Set region in \
                      one of them to the Region that the standbys are in.";
        Diagnostic::error("No Region", detail).at(Path::attribute("region"))
    })?;
    Ok(session.cloud.region(&name).await)
}
