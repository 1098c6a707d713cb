use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::provider::attr::{Attr, Field};
use crate::provider::instance::{Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics};

/// One resource instance as Terraform stores it, decoded: its attributes `S`, its identity `I` and its
/// private state `P`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::provider) struct Stored<S, I, P> {
    pub(in crate::provider) state: S,
    pub(in crate::provider) private: P,
    pub(in crate::provider) identity: Attr<I>,
}

impl<S, I, P> Stored<S, I, P>
where
    S: Field + Default,
    I: Field,
    P: Serialize + DeserializeOwned + Default + PartialEq,
{
    /// Of an instance that is not absent.
    pub(in crate::provider) fn decode(instance: &Instance) -> Self {
        Self {
            state: S::decode(&instance.state).unwrap_or_default(),
            private: decode_private(&instance.private),
            identity: Attr::decode(&instance.identity),
        }
    }

    pub(in crate::provider) fn encode(&self) -> Instance {
        Instance {
            state: self.state.encode(),
            private: encode_private(&self.private),
            identity: self.identity.encode(),
        }
    }

    pub(in crate::provider) fn with(&self, diagnostics: impl Into<Diagnostics>) -> Outcome {
        Outcome { instance: self.encode(), diagnostics: diagnostics.into() }
    }
}

/// What an import gives: the instance that was found, or why there is none. Terraform reads it right
/// after.
pub(in crate::provider) fn imported<S, I, P>(found: Result<Stored<S, I, P>, Diagnostic>) -> Outcome
where
    S: Field + Default,
    I: Field,
    P: Serialize + DeserializeOwned + Default + PartialEq,
{
    match found {
        Ok(found) => found.with(Diagnostics::new()),
        Err(diagnostic) => Outcome { instance: Instance::absent(), diagnostics: diagnostic.into() },
    }
}

/// The private state in stored bytes. Bytes of another program, or none, count as an empty one.
pub(in crate::provider) fn decode_private<P: DeserializeOwned + Default>(bytes: &[u8]) -> P {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// A private state as bytes for Terraform to store; none for an empty one.
fn encode_private<P: Serialize + Default + PartialEq>(private: &P) -> Vec<u8> {
    if *private == P::default() {
        return Vec::new();
    }
    serde_json::to_vec(private).unwrap_or_default()
}
