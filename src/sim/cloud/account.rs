use serde_json::{Value, json};

use super::describe::Answer;
use super::state::{Cloud, Context};

impl Cloud {
    /// `DescribeAccount`: an account without dedicated tenancy (Bring Your Own License).
    pub(crate) fn describe_account(&self, _context: Context<'_>, _body: &Value) -> Answer {
        Ok(json!({"DedicatedTenancySupport": "DISABLED"}))
    }
}
