use std::collections::BTreeMap;

use serde::Serialize;

use super::wire::Call;

/// Counts of calls since the start or the last reset: the body of `GET /_simulator/stats`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Stats {
    /// Connections the listener accepted.
    pub connections: u64,
    /// Counts by operation name. An operation that was never called is absent.
    pub operations: BTreeMap<String, OperationStats>,
}

/// The counts of one operation over all Regions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperationStats {
    /// All calls, the throttled and the failed ones too.
    pub calls: u64,
    /// Calls answered with `ThrottlingException`.
    pub throttles: u64,
    /// Other calls that did not get their answer: refusals, faults, resets. Failures of single
    /// items do not count.
    pub errors: u64,
    /// Identifiers (or items) over all calls. An operation on one resource counts one a call.
    pub identifiers: u64,
    /// The most identifiers in one call.
    pub most_identifiers: u64,
    /// Calls by Region.
    pub regions: BTreeMap<String, u64>,
    /// Calls by the access key id that signed them.
    pub access_keys: BTreeMap<String, u64>,
    /// Calls by wire protocol, as the service models name them.
    pub protocols: BTreeMap<String, u64>,
    /// The user agent of the last call.
    pub user_agent: String,
}

impl Stats {
    /// The counts of one operation; all zero when it was never called.
    #[must_use]
    pub fn operation(&self, name: &str) -> OperationStats {
        self.operations.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn count_call(&mut self, call: &Call, identifiers: u64) {
        let counts = self.counts(call.operation.name);
        counts.calls += 1;
        counts.identifiers += identifiers;
        counts.most_identifiers = counts.most_identifiers.max(identifiers);
        *counts.regions.entry(call.region.clone()).or_default() += 1;
        *counts.access_keys.entry(call.access_key.clone()).or_default() += 1;
        *counts.protocols.entry(call.protocol.name().to_owned()).or_default() += 1;
        counts.user_agent.clone_from(&call.user_agent);
    }

    pub(super) fn count_throttle(&mut self, operation: &str) {
        self.counts(operation).throttles += 1;
    }

    pub(super) fn count_error(&mut self, operation: &str) {
        self.counts(operation).errors += 1;
    }

    fn counts(&mut self, operation: &str) -> &mut OperationStats {
        self.operations.entry(operation.to_owned()).or_default()
    }
}
