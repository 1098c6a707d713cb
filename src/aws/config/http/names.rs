use http::Uri;

use crate::aws::config::access::endpoints::Endpoints;
use crate::aws::error::transport::endpoint;

/// What errors call an endpoint: its address and, if it is not AWS's own, where it is set.
#[derive(Debug)]
pub(super) struct Names(Vec<(String, String)>);

impl Names {
    pub(super) fn new(endpoints: &Endpoints) -> Self {
        let name = |(url, source): (&str, String)| {
            let address = endpoint(&url.parse::<Uri>().ok()?);
            Some((address.clone(), format!("{address} (set by {source})")))
        };
        Self(endpoints.sources().filter_map(name).collect())
    }

    pub(super) fn of(&self, to: &Uri) -> String {
        let address = endpoint(to);
        let set = self.0.iter().find(|(of, _)| *of == address);
        set.map_or_else(|| address.clone(), |(_, name)| name.clone())
    }
}
