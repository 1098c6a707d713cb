use std::time::Duration;

use crate::aws::{Directory, Error, Kind, WorkSpace};
use crate::provider::explain::said;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::create::import_block;

/// How long one side may take to answer. A Region that is down must not hold up the plan: the day on
/// which it is down is the day on which the plan is needed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bundles of which AWS makes no standby, by the beginning of the compute type's name.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
const UNSUPPORTED_COMPUTE: [&str; 3] =
    ["GRAPHICS", "GENERALPURPOSE_4XLARGE", "GENERALPURPOSE_8XLARGE"];

/// Asks AWS, while planning, whether it is going to accept what is planned: of the primary in its
/// own Region, of the directory in the standby Region.
///
/// What certainly cannot succeed is an error. What could not be asked is a warning, and so is a
/// standby that exists already: it may be on its way out, and the two Regions need not agree at once.
/// Values that are not known yet are left out.
pub(super) async fn preflight(
    session: &Session,
    prior: &Value,
    planned: &Value,
    is_new: bool,
) -> Diagnostics {
    let text = |name: &str| planned.get(name).as_str();
    let primary = async {
        match (text("primary_workspace_id"), text("primary_region")) {
            (Some(id), Some(region)) if is_new => {
                let region = session.cloud.region(region).await;
                asked(region.name(), "the primary", region.find(id)).await.map(|found| {
                    about_primary(id, region.name(), found.as_ref(), prior.get("id").as_str())
                })
            }
            _ => Ok(Diagnostics::new()),
        }
    };
    let replicates = text("data_replication") == Some("PRIMARY_AS_SOURCE");
    let begins = prior.is_null()
        || prior.get("data_replication").as_str() != planned.get("data_replication").as_str();
    let directory = async {
        match (text("directory_id"), text("region")) {
            (Some(id), Some(region)) if is_new || (replicates && begins) => {
                let region = session.cloud.region(region).await;
                asked(region.name(), "the directory", region.directory(id))
                    .await
                    .map(|found| about_directory(id, region.name(), found.as_ref(), replicates))
            }
            _ => Ok(Diagnostics::new()),
        }
    };
    let (primary, directory) = tokio::join!(primary, directory);
    let mut diagnostics = Diagnostics::new();
    for answer in [primary, directory] {
        diagnostics.extend(answer.unwrap_or_else(Diagnostics::from));
    }
    diagnostics
}

/// An answer that may not come, and then is a warning.
async fn asked<T>(
    region: &str,
    of: &str,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Diagnostic> {
    let why = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(error)) if error.kind == Kind::AccessDenied => format!(
            "{} The check needs workspaces:DescribeWorkspaces and \
             workspaces:DescribeWorkspaceDirectories in both Regions.",
            said(&error)
        ),
        Ok(Err(error)) => said(&error),
        Err(_elapsed) => format!("AWS did not answer within {} seconds.", PATIENCE.as_secs()),
    };
    let detail = format!(
        "{why}\n\nThe plan goes on without this check; whether AWS accepts it shows when it is \
         applied. To plan without asking, set preflight = false in the provider block."
    );
    Err(Diagnostic::warning(format!("Could not check {of} in {region}"), detail))
}

fn about_primary(
    id: &str,
    region: &str,
    found: Option<&WorkSpace>,
    own: Option<&str>,
) -> Diagnostics {
    let error = |summary: String, detail: String| {
        Diagnostic::error(summary, detail).at(Path::attribute("primary_workspace_id"))
    };
    let Some(workspace) = found else {
        return error(
            format!("No WorkSpace {id} in {region}"),
            format!(
                "AWS does not show the primary in {region}. Check primary_workspace_id and \
                 primary_region; a WorkSpace that was made a moment ago may need a minute to show."
            ),
        )
        .into();
    };
    if let Some(primary) = &workspace.primary {
        return error(
            format!("{id} in {region} is a standby"),
            format!(
                "It stands in for {}, and a standby has no standby. Name the primary instead.",
                primary.id
            ),
        )
        .into();
    }
    let mut diagnostics = Diagnostics::new();
    let system = workspace.operating_system.as_deref();
    if let Some(system) = system.filter(|name| !name.starts_with("WINDOWS") && *name != "UNKNOWN") {
        diagnostics.push(error(
            format!("{id} in {region} cannot have a standby"),
            format!(
                "Its operating system is {system}; AWS makes standbys of Windows WorkSpaces only."
            ),
        ));
    }
    let compute = workspace.compute_type.as_deref();
    if let Some(compute) = compute
        .filter(|name| UNSUPPORTED_COMPUTE.iter().any(|unsupported| name.starts_with(unsupported)))
    {
        diagnostics.push(error(
            format!("{id} in {region} cannot have a standby"),
            format!(
                "Its bundle is of the type {compute}; AWS makes no standbys of graphics bundles, \
                 GeneralPurpose.4xlarge and GeneralPurpose.8xlarge."
            ),
        ));
    }
    let others = workspace.standbys.iter().filter(|standby| {
        own != Some(standby.id.as_str())
            && !matches!(standby.state.as_deref(), Some("TERMINATING" | "TERMINATED"))
    });
    for other in others {
        let place = other.region.as_deref().unwrap_or("another Region");
        let mut detail = format!(
            "Its standby {} is in {place}. A primary has at most one standby, so AWS will refuse \
             this one unless that one is gone by then.",
            other.id
        );
        if let Some(region) = &other.region {
            detail.push_str(&format!(
                "\n\nTo manage the existing one instead, put this into the configuration, with \
                 the address of the resource:\n\n{}",
                import_block(&other.id, region)
            ));
        }
        let summary = format!("{id} in {region} has a standby already");
        diagnostics
            .push(Diagnostic::warning(summary, detail).at(Path::attribute("primary_workspace_id")));
    }
    diagnostics
}

fn about_directory(
    id: &str,
    region: &str,
    found: Option<&Directory>,
    replicates: bool,
) -> Diagnostics {
    let error = |summary: String, detail: String| -> Diagnostics {
        Diagnostic::error(summary, detail).at(Path::attribute("directory_id")).into()
    };
    let register = format!(
        "Register the directory with WorkSpaces in {region}, with the user names of the primary's \
         directory, or name another one."
    );
    let Some(directory) = found else {
        return error(
            format!("No directory {id} in {region}"),
            format!("WorkSpaces does not know it there. {register}"),
        );
    };
    match directory.state.as_deref() {
        Some("REGISTERED") | None => {}
        Some(state) => {
            return error(
                format!("The directory {id} in {region} is {state}"),
                format!("A standby needs a directory that is REGISTERED. {register}"),
            );
        }
    }
    if replicates && directory.kind.as_deref() == Some("SIMPLE_AD") {
        return error(
            format!("No data replication into the directory {id} in {region}"),
            "It is a Simple AD, for which AWS does not offer data replication. Use an AD Connector \
             or a self-managed directory, or leave data_replication out."
                .to_owned(),
        );
    }
    Diagnostics::new()
}
