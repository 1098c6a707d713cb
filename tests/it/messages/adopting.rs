//! While the standby that a primary already has is adopted.

use terraform_provider_aws_workspaces::provider::Instance;
use terraform_provider_aws_workspaces::sim::Settings;
use terraform_provider_aws_workspaces::sim::builtin::*;
use terraform_provider_aws_workspaces::tf::Value;

use super::{KEY, Messages};
use crate::support::in_process::{Desk, id, minutes};

pub(super) async fn adoptions(messages: &mut Messages) {
    for (met, argument) in [
        ("a standby is adopted", ("adopt_existing", Value::from(true))),
        (
            "the standby to adopt is in another directory",
            ("directory_id", SIMPLE_AD_DIRECTORY_ID.into()),
        ),
        ("the standby to adopt has another key", ("volume_encryption_key", KEY.into())),
    ] {
        let desk = Desk::new(Settings::default()).await;
        desk.created(&desk.standby(PRIMARIES[0], &[])).await;
        let another = desk.another(&[]).await;
        let config = another.standby(PRIMARIES[0], &[("adopt_existing", true.into()), argument]);
        messages.add(met, &another.create(&config).await.outcome.diagnostics);
    }
    let adopting = [("adopt_existing", Value::from(true))];
    let desk = Desk::new(Settings { visible_after: minutes(10), ..Settings::default() }).await;
    let config = desk.standby(PRIMARIES[0], &[("wait_for_ready", false.into())]);
    desk.created(&config).await;
    let another = desk.another(&[]).await;
    let applied = another.create(&desk.standby(PRIMARIES[0], &adopting)).await;
    messages.add("AWS does not show the standby to adopt yet", &applied.outcome.diagnostics);

    let desk = Desk::new(Settings::default()).await;
    let standby = desk.created(&desk.standby(PRIMARIES[0], &[])).await;
    let another = desk.another(&[("preflight", true.into())]).await;
    let config = another.standby(PRIMARIES[0], &adopting);
    let planned = another.plan(&Instance::absent(), &config).await;
    messages.add("preflight: a standby will be adopted", &planned.diagnostics);
    desk.force(id(&standby), "ERROR");
    let another = desk.another(&[]).await;
    let applied = another.create(&config).await;
    let of_state = applied.outcome.diagnostics.iter().skip(1);
    messages.add("the adopted standby is in the state ERROR", of_state);
}
