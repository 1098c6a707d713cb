//! Request batching, as in hashicorp/google.

use std::time::Duration;

use crate::aws::Batching;
use crate::tf::{NestedBlock, Validator, duration};

use super::{Input, nested, non_empty, text, truth};

pub(super) fn block() -> NestedBlock {
    nested(
        "batching",
        "Controls request batching: the provider combines requests for many WorkSpaces into one call to AWS.",
        vec![
            truth(
                "enable_batching",
                "Whether requests are combined. The default is `true`. With `false` there is a call \
                 for each WorkSpace, and AWS throttles them from about fifty WorkSpaces on.",
            ),
            text(
                "send_after",
                "How long a call waits for another request after the last one. It waits at most four \
                 times as long in all. The default is `50ms`.",
            )
            .validator(Validator::Duration(Duration::ZERO)),
        ],
        1,
    )
}

pub(super) fn read(input: &Input<'_>) -> Batching {
    let mut batching = Batching::default();
    for block in input.blocks("batching") {
        if let Some(enabled) = block.get("enable_batching").as_bool() {
            batching.enabled = enabled;
        }
        let send_after = non_empty(block.get("send_after"));
        if let Some(send_after) = send_after.and_then(|text| duration::parse(&text).ok()) {
            batching.send_after = send_after;
        }
    }
    batching
}
