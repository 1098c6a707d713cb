use crate::aws::{Fallback, Kind, TagsRead, WorkSpace};
use crate::provider::explain::{explain, said};
use crate::provider::session::Session;
use crate::provider::{Instance, Outcome};
use crate::tf::{Diagnostic, Diagnostics, Value};

use super::locate::Location;
use super::private::Private;
use super::{identity, model};

/// Brings a standby up to date. Only the standby Region is asked, so that this works while the
/// primary Region is down.
pub(in crate::provider) async fn read(session: &Session, prior: Instance) -> Outcome {
    let failed =
        |prior, diagnostic: Diagnostic| Outcome { instance: prior, diagnostics: diagnostic.into() };
    let location = match Location::of(session, &prior.state, "refresh").await {
        Ok(location) => location,
        Err(diagnostic) => return failed(prior, diagnostic),
    };
    let account = session.account().await;
    let other =
        location.of_another_account(&prior.state, &prior.identity, account.as_ref(), "refresh");
    if let Some(diagnostic) = other {
        return failed(prior, diagnostic);
    }
    let Location { id, region: region_name } = location;
    let what = format!("refresh the standby {id} in {region_name}");
    let region = session.cloud.region(&region_name).await;
    let mut private = Private::decode(&prior.private);
    let workspace = match region.find(&id).await {
        Ok(Some(workspace)) if workspace.state() == "TERMINATED" => None,
        Ok(found) => found,
        Err(error) => return failed(prior, explain(&what, &error)),
    };
    let Some(workspace) = workspace else {
        return absent(session, prior, &private, &id, &region_name);
    };
    if is_another(&workspace, &prior.state) {
        let detail = format!(
            "{id} in {region_name} is no standby of {}. If the state was edited, restore it from a \
             backup; otherwise remove the resource from the state with `terraform state rm`. \
             Nothing was changed.",
            prior.state.get("primary_workspace_id").as_str().unwrap_or("a primary WorkSpace"),
        );
        let summary = format!("{id} is not the standby that is stored");
        return failed(prior, Diagnostic::error(summary, detail));
    }
    let had_tags = prior.state.get("tags_all").as_entries().is_some_and(|tags| !tags.is_empty());
    let TagsRead { tags, fallback } = match region.read_tags(&id, account.as_ref(), had_tags).await
    {
        Ok(read) => read,
        // It has gone between the two calls.
        Err(error) if error.kind == Kind::NotFound => {
            return absent(session, prior, &private, &id, &region_name);
        }
        Err(error) => return failed(prior, explain(&what, &error)),
    };

    let now = identity::of(account.as_ref(), &region_name, &id);
    let identity = match identity::keep(&prior.identity, now) {
        Ok(identity) => identity,
        Err(diagnostic) => return failed(prior, diagnostic),
    };
    private.unseen_since = None;
    let mut state = prior.state;
    model::refresh(&mut state, &workspace, &mut private);
    model::refresh_tags(&mut state, tags, session.tags());
    state.set("region", region_name.as_str().into());
    if account.is_some() || state.get("arn").is_null() {
        state.set("arn", model::arn(account.as_ref(), &region_name, &id));
    }
    // An imported standby has no such setting; it is ours alone, so its default is the truth.
    if state.get("wait_for_ready").is_null() {
        state.set("wait_for_ready", true.into());
    }
    let instance = Instance { state, private: private.encode(), identity };
    let mut diagnostics = unwell(&workspace, &region_name);
    diagnostics.extend(fallback.map(|why| read_elsewhere(&why, &region_name)));
    Outcome { instance, diagnostics }
}

/// Whether the WorkSpace is certainly not the stored standby: it has no primary, and is a primary
/// itself or somebody else's. No primary alone may be an incomplete answer.
fn is_another(workspace: &WorkSpace, prior: &Value) -> bool {
    let differs = |name: &str, now: &Option<String>| {
        prior.get(name).as_str().is_some_and(|before| now.as_deref().is_some_and(|n| n != before))
    };
    workspace.primary.is_none()
        && (!workspace.standbys.is_empty()
            || differs("user_name", &workspace.user_name)
            || differs("directory_id", &workspace.directory_id))
}

/// A standby that AWS does not show: gone, unless it is so new that it may not be shown yet.
fn absent(
    session: &Session,
    prior: Instance,
    private: &Private,
    id: &str,
    region: &str,
) -> Outcome {
    if private.may_be_invisible(session.clock.now()) {
        let detail = format!(
            "AWS has accepted {id} in {region} a short while ago and does not show it yet. It is \
             kept in the state; refresh again in a few minutes."
        );
        let warning = Diagnostic::warning("A new standby is not visible yet", detail);
        return Outcome { instance: prior, diagnostics: warning.into() };
    }
    let detail = format!(
        "AWS does not show {id} in {region} any more: it was terminated outside Terraform. A new \
         one is planned if the configuration still asks for it."
    );
    let warning = Diagnostic::warning("A standby is gone", detail);
    let instance = Instance { state: Value::Null, ..prior };
    Outcome { instance, diagnostics: warning.into() }
}

/// A warning about a standby that is in trouble; it is kept, since it may recover.
fn unwell(workspace: &WorkSpace, region: &str) -> Diagnostics {
    let state = workspace.state();
    if state == "TERMINATING" {
        let detail = format!(
            "{} in {region} is being terminated, outside this configuration. It is kept in the \
             state until AWS does not show it any more, some five minutes from now; then a new one \
             is planned if the configuration still asks for it.",
            workspace.id
        );
        let summary = format!("The standby {} is being terminated", workspace.id);
        return Diagnostic::warning(summary, detail).into();
    }
    if !matches!(state, "ERROR" | "UNHEALTHY" | "IMPAIRED") {
        return Diagnostics::new();
    }
    let reason = workspace.reason().unwrap_or_else(|| "AWS gives no reason".to_owned());
    let detail = format!(
        "{reason}.\n\nUntil it has recovered it cannot be relied on to take over. Look at it in \
         the WorkSpaces console in {region}, or replace it with `terraform apply -replace`."
    );
    Diagnostic::warning(format!("The standby {} is {state}", workspace.id), detail).into()
}

/// A warning that tags were not read where the provider block says.
pub(in crate::provider) fn read_elsewhere(why: &Fallback, region: &str) -> Diagnostic {
    let detail = match why {
        Fallback::Refused(error) => format!(
            "{} Tags are read one WorkSpace a call instead. tag_reads = \"tagging_api\" needs the \
             permission tag:GetResources.",
            said(error)
        ),
        Fallback::NoAccount => "The Resource Groups Tagging API is asked by ARN, which needs the \
             account id, and that is not known. Tags are read one WorkSpace a call instead. Leave \
             out skip_requesting_account_id, and see that STS can be reached."
            .to_owned(),
        Fallback::Missing => "The Resource Groups Tagging API does not show a WorkSpace that has \
             tags; it may be some minutes behind. Its tags were read from Amazon WorkSpaces \
             instead."
            .to_owned(),
    };
    Diagnostic::warning(format!("Tags in {region} were not read through the tagging API"), detail)
}
