use crate::provider::attr::model;
use crate::provider::managed::arguments::timeout;
use crate::provider::wait::{Limit, spelled};
use crate::tf::{Block, Diagnostic, NestedBlock, Nesting};

model! {
    /// The block `timeouts` of a data source that can take long.
    struct Timeouts {
        read: String,
    }
}

/// The declaration of the block.
pub(super) fn block(description: &'static str) -> NestedBlock {
    NestedBlock {
        name: "timeouts",
        nesting: Nesting::Single,
        block: Block {
            description: "Timeouts.",
            attributes: vec![timeout("read", description)],
            blocks: Vec::new(),
        },
    }
}

/// The result of a call that ends with `timeouts.read`.
pub(super) async fn in_time<T>(
    limit: Limit,
    what: &str,
    call: impl Future<Output = T>,
) -> Result<T, Diagnostic> {
    tokio::time::timeout_at(limit.deadline, call).await.map_err(|_elapsed| {
        let detail = format!(
            "AWS did not answer within {}. To wait longer, set timeouts {{ read = … }}.",
            spelled(limit.timeout)
        );
        Diagnostic::error(format!("Could not {what}"), detail)
    })
}
