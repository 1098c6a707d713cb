use std::time::Duration;

use crate::aws::{DataReplication, Directory, ENDING_STATES, Error, Kind, Related, WorkSpace};
use crate::provider::attr::Attr;
use crate::provider::explain::said;
use crate::provider::session::Session;
use crate::tf::{Diagnostic, Diagnostics, Path};

use super::create::import_block;
use super::eligible::unsupported;
use super::model::Standby;

/// How long one Region may take to answer. A Region that is down must not hold up the plan, which is
/// needed just then.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks AWS, while planning, whether it will accept what is planned: about the primary in its own
/// Region, and about the directory in the standby Region.
///
/// What cannot succeed is an error. What could not be checked is a warning, and so is an existing
/// WorkSpace that is in the way: it may be terminated by then, and the two Regions may not agree at
/// once. Unknown values are left out.
pub(super) async fn preflight(
    session: &Session,
    prior: Option<&Standby>,
    planned: &Standby,
    is_new: bool,
) -> Diagnostics {
    let primary = async {
        let named = (planned.primary_workspace_id.as_str(), planned.primary_region.as_str());
        let (Some(id), Some(region), true) = (named.0, named.1, is_new) else {
            return Ok(Diagnostics::new());
        };
        let region = session.client.region(region).await;
        let found = asked(region.name(), "the primary", region.find(id)).await?;
        let own = prior.and_then(|prior| prior.id.as_str());
        let mut said = about_primary(id, region.name(), found.as_ref(), own, planned);
        if let Some(primary) = found.filter(|_| !said.has_errors()) {
            said.extend(user(session, &primary, own, planned).await?);
        }
        Ok(said)
    };
    let replicates = planned.replication() == Some(DataReplication::PrimaryAsSource);
    let begins = prior.is_none_or(|prior| prior.replication() != planned.replication());
    let directory = async {
        let named = (planned.directory_id.as_str(), planned.region.as_str());
        let (Some(id), Some(region), true) = (named.0, named.1, is_new || (replicates && begins))
        else {
            return Ok(Diagnostics::new());
        };
        let region = session.client.region(region).await;
        let found = asked(region.name(), "the directory", region.directory(id)).await?;
        Ok(about_directory(id, region.name(), found.as_ref(), replicates))
    };
    let (primary, directory): (Result<_, Diagnostic>, Result<_, Diagnostic>) =
        tokio::join!(primary, directory);
    let mut diagnostics = Diagnostics::new();
    for answer in [primary, directory] {
        diagnostics.extend(answer.unwrap_or_else(Diagnostics::from));
    }
    diagnostics
}

/// An answer, or a warning if there is none.
async fn asked<T>(
    region: &str,
    of: &str,
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Diagnostic> {
    let why = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(error)) if error.kind == Kind::AccessDenied => format!(
            "{} The checks need workspaces:DescribeWorkspaces in both Regions and \
             workspaces:DescribeWorkspaceDirectories in the standby Region.",
            said(&error)
        ),
        Ok(Err(error)) => said(&error),
        Err(_elapsed) => format!("AWS did not answer within {} seconds.", PATIENCE.as_secs()),
    };
    let detail = format!(
        "{why}\n\nThe plan continues without this check; the apply shows whether AWS accepts it. To \
         plan without these checks, set preflight = false in the provider block."
    );
    Err(Diagnostic::warning(format!("Could not check {of} in {region}"), detail))
}

/// `own` is the standby of this resource, if it has one.
fn about_primary(
    id: &str,
    region: &str,
    found: Option<&WorkSpace>,
    own: Option<&str>,
    planned: &Standby,
) -> Diagnostics {
    let Some(workspace) = found else {
        let detail = format!(
            "AWS does not show the primary in {region}. Check primary_workspace_id and \
             primary_region. A new WorkSpace may take a minute to become visible."
        );
        return at_primary(Diagnostic::error(format!("No WorkSpace {id} in {region}"), detail))
            .into();
    };
    if let Some(primary) = &workspace.primary {
        let detail = format!(
            "It is the standby of {}, and a standby cannot have a standby. Set \
             primary_workspace_id to the primary.",
            primary.id
        );
        let summary = format!("{id} in {region} is a standby");
        return at_primary(Diagnostic::error(summary, detail)).into();
    }
    let mut diagnostics = Diagnostics::new();
    for why in unsupported(workspace) {
        let summary = format!("{id} in {region} cannot have a standby");
        diagnostics.push(at_primary(Diagnostic::error(summary, why)));
    }
    let is_other = |standby: &&Related| {
        own != Some(standby.id.as_str())
            && !standby.state.as_deref().is_some_and(|state| ENDING_STATES.contains(&state))
    };
    let others = workspace.standbys.iter().filter(is_other);
    diagnostics.extend(others.map(|other| {
        let is_near = other.region.is_some() && other.region == planned.region.known().cloned();
        at_primary(match (is_near, planned.adopt_existing == Attr::Known(true)) {
            (true, true) => will_be_adopted(id, other),
            (is_near, _) => has_one(id, region, other, is_near),
        })
    }));
    diagnostics
}

/// A warning if the user of the primary already has another WorkSpace in the directory. `own` is the
/// standby of this resource, and another standby of the primary is another warning.
async fn user(
    session: &Session,
    primary: &WorkSpace,
    own: Option<&str>,
    planned: &Standby,
) -> Result<Option<Diagnostic>, Diagnostic> {
    let place = (planned.region.as_str(), planned.directory_id.as_str());
    let (Some(region), Some(directory), Some(user)) = (place.0, place.1, &primary.user_name) else {
        return Ok(None);
    };
    let region = session.client.region(region).await;
    let found = asked(region.name(), "the user", region.of_user(directory, user)).await?;
    let in_the_way = found.into_iter().find(|found| {
        let of_primary = found.primary.as_ref().is_some_and(|related| related.id == primary.id);
        !found.is_ending() && own != Some(found.id.as_str()) && !of_primary
    });
    Ok(in_the_way.map(|other| {
        let summary = format!("{user} already has a WorkSpace in {directory} in {}", region.name());
        let detail = format!(
            "{user}, the user of {}, has {} there. A user has at most one WorkSpace in a directory: \
             AWS refuses the standby until {} is terminated. Set directory_id to another directory, \
             or terminate it if it is not needed.",
            primary.id, other.id, other.id
        );
        Diagnostic::warning(summary, detail).at(Path::attribute("directory_id"))
    }))
}

fn at_primary(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.at(Path::attribute("primary_workspace_id"))
}

fn will_be_adopted(primary: &str, other: &Related) -> Diagnostic {
    let (id, place) = (&other.id, other.region.as_deref().unwrap_or_default());
    let detail = format!(
        "adopt_existing is true, and {primary} already has the standby {id} in {place}. If it is in \
         the configured directory, the apply adopts it, and changes its tags and data replication to \
         the configured ones. Make sure that no other Terraform state has it."
    );
    Diagnostic::warning(format!("{id} will be adopted"), detail)
}

/// `is_near` says that the other standby is in the planned Region.
fn has_one(id: &str, region: &str, other: &Related, is_near: bool) -> Diagnostic {
    let place = other.region.as_deref().unwrap_or("another Region");
    let mut detail = format!(
        "Its standby {} is in {place}. A primary has at most one standby: AWS refuses another one \
         until that one is terminated.",
        other.id
    );
    if let Some(region) = &other.region {
        let adopt = if is_near { "set adopt_existing = true, or " } else { "" };
        detail.push_str(&format!(
            "\n\nTo manage the existing standby instead, {adopt}add this block with the address of \
             the resource:\n\n{}",
            import_block(&other.id, region)
        ));
    }
    Diagnostic::warning(format!("{id} in {region} already has a standby"), detail)
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
         directory, or set directory_id to another one."
    );
    let Some(directory) = found else {
        return error(
            format!("No directory {id} in {region}"),
            format!("It is not registered with WorkSpaces there. {register}"),
        );
    };
    match directory.state.as_deref() {
        Some("REGISTERED") | None => {}
        Some(state) => {
            return error(
                format!("The directory {id} in {region} is {state}"),
                format!("The directory of a standby must be REGISTERED. {register}"),
            );
        }
    }
    if replicates && directory.kind.as_deref() == Some("SIMPLE_AD") {
        return error(
            format!("No data replication into the directory {id} in {region}"),
            "It is a Simple AD, which does not support data replication. Use an AD Connector or a \
             self-managed directory, or remove data_replication."
                .to_owned(),
        );
    }
    Diagnostics::new()
}
