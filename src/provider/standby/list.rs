use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::aws::{Account, Region, WorkSpace};
use crate::provider::attr::{Field, model};
use crate::provider::chosen_region::chosen_region;
use crate::provider::explain::explain;
use crate::provider::list::{ListRequest, ListResource, ListStream, Listed};
use crate::provider::session::Session;
use crate::provider::tag_reads::tags_of;
use crate::tf::Diagnostics;

use super::identity::Identity;
use super::model::Standby;
use super::schema::{self, TYPE_NAME};

model! {
    /// The arguments of the list resource, as `schema` declares them.
    struct Arguments {
        region: String,
        directory_id: String,
        primary_region: String,
    }
}

/// The list resource.
pub(in crate::provider) fn list_resource() -> ListResource {
    ListResource { name: TYPE_NAME, schema: schema::list(), list }
}

fn list(session: Arc<Session>, request: ListRequest) -> ListStream {
    let pages = async move {
        let wanted = Arguments::decode(&request.configuration).unwrap_or_default();
        let region = chosen_region(&session, "list block", &wanted.region).await?;
        let what = format!("list the standbys in {}", region.name());
        let pages = region.standby_pages(wanted.directory_id.as_str());
        let pages = pages.map_err(move |error| Diagnostics::from(explain(&what, &error)));
        let listing = Listing { account: session.account().await, session, region };
        let mut left = request.limit;
        let shown = pages.map_ok(move |mut page| {
            page.retain(|found| is_wanted(found, &wanted));
            page.truncate(left);
            left -= page.len();
            page
        });
        let listed = shown.and_then(move |page| {
            let listing = listing.clone();
            async move { listing.of(&page, request.include_resource).await }
        });
        let each = |page: Vec<Listed>| stream::iter(page.into_iter().map(Ok));
        Ok::<_, Diagnostics>(listed.map_ok(each).try_flatten())
    };
    stream::once(pages).try_flatten().boxed()
}

/// A standby that is being terminated cannot be imported, and one of another primary Region is not
/// wanted.
fn is_wanted(found: &WorkSpace, wanted: &Arguments) -> bool {
    let primary_region = found.primary.as_ref().and_then(|primary| primary.region.as_deref());
    !found.is_ending()
        && (wanted.primary_region.is_null() || primary_region == wanted.primary_region.as_str())
}

/// What the entries of one list have in common.
#[derive(Clone)]
struct Listing {
    session: Arc<Session>,
    region: Region,
    account: Option<Account>,
}

impl Listing {
    /// The entries for the standbys of a page. Only their attributes may take further calls.
    async fn of(&self, page: &[WorkSpace], whole: bool) -> Result<Vec<Listed>, Diagnostics> {
        let (account, region) = (self.account.as_ref(), self.region.name());
        let entry = |found: &WorkSpace| Listed {
            identity: Identity::new(account, region, &found.id).encode(),
            display_name: display_name(found),
            resource: None,
            diagnostics: Diagnostics::new(),
        };
        let mut entries: Vec<Listed> = page.iter().map(entry).collect();
        if whole {
            let _in_flight = self.session.client.operation();
            let ids = page.iter().map(|found| found.id.as_str());
            let (tags, warnings) = tags_of(&self.region, account, ids).await?;
            for ((entry, found), tags) in entries.iter_mut().zip(page).zip(tags) {
                // As a refresh after its import shows it.
                let mut state = Standby::shown(found, region, account);
                state.refresh_tags(tags, self.session.tags());
                state.default_settings();
                entry.resource = Some(state.encode());
            }
            if let Some(first) = entries.first_mut() {
                first.diagnostics.extend(warnings);
            }
        }
        Ok(entries)
    }
}

/// The user and the primary, by which people know a standby.
fn display_name(found: &WorkSpace) -> String {
    let user = found.user_name.as_deref().unwrap_or(&found.id);
    let Some(primary) = &found.primary else { return user.to_owned() };
    match &primary.region {
        Some(region) => format!("{user}, standby of {} in {region}", primary.id),
        None => format!("{user}, standby of {}", primary.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::attr::tests::assert_fits;

    #[test]
    fn the_model_holds_what_the_schema_declares() {
        assert_fits::<Arguments>(&schema::list().block);
    }
}
