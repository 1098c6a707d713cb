use crate::aws::calls::limiter::Priority;
use crate::aws::error::Error;
use crate::aws::workspaces::describe::{from_sdk, next_page};
use crate::aws::workspaces::region::Region;
use crate::aws::workspaces::types::WorkSpace;

/// Most WorkSpaces on one page.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_DescribeWorkspaces.html>
const PAGE: i32 = 25;

impl Region {
    /// All standby WorkSpaces of the Region, or of one of its directories, page by page.
    ///
    /// A WorkSpace that was made a moment ago may be absent, or be shown without its primary, and
    /// then it is not among them.
    ///
    /// # Errors
    /// Whatever AWS, or the way to it, refused.
    pub async fn standbys(&self, directory_id: Option<&str>) -> Result<Vec<WorkSpace>, Error> {
        let api = &self.0.api;
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let send = || {
                let call = api.client.describe_workspaces().limit(PAGE);
                let call = call.set_directory_id(directory_id.map(str::to_owned));
                call.set_next_token(next.clone()).send()
            };
            let page = api.ask("DescribeWorkspaces", Priority::Refresh, send).await?;
            next = next_page(&api.region, next.as_ref(), page.next_token)?;
            // One page at a time is turned into what is kept, so that a large Region stays small.
            let page = page.workspaces.unwrap_or_default().into_iter().filter_map(from_sdk);
            found.extend(page.filter(|workspace| workspace.primary.is_some()));
            if next.is_none() {
                return Ok(found);
            }
        }
    }
}
