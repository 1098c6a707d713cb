//! How calls for many resources travel together; after hashicorp/google.

use std::time::Duration;

use crate::aws::Batching;
use crate::tf::{NestedBlock, Validator, duration};

use super::{Input, nested, non_empty, text, truth};

pub(super) fn block() -> NestedBlock {
    nested(
        "batching",
        "How questions about many WorkSpaces travel together in one call to AWS.",
        vec![
            truth(
                "enable_batching",
                "Whether they do, true by default. Without it each WorkSpace is asked for alone, \
                 which runs into AWS's limits at some fifty of them.",
            ),
            text(
                "send_after",
                "How long a call waits for one more question after the last that has joined it, and a \
                 quarter of how long it waits at most; `50ms` by default.",
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
