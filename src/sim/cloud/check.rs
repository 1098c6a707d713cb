use crate::sim::Error;
use crate::sim::model::MODEL;

/// Holds a value of a fleet to the API's model.
pub(crate) fn check(shape: &str, shown: &serde_json::Value, region: &str) -> Result<(), Error> {
    MODEL
        .check(shape, shown)
        .map_err(|refusal| Error::Fleet(format!("in {region}: {}", refusal.message)))
}
