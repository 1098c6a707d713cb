use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use crate::aws::{Account, ConnectionAlias};
use crate::provider::attr::{Field, model};
use crate::provider::chosen_region::chosen_region;
use crate::provider::connection_alias::advice::explain_alias;
use crate::provider::list::{ListRequest, ListResource, ListStream, Listed};
use crate::provider::session::Session;
use crate::tf::Diagnostics;

use super::model::{Association, Identity, own};
use super::schema::{self, TYPE_NAME};

model! {
    /// The arguments of the list resource, as `schema` declares them.
    struct Arguments {
        region: String,
        directory_id: String,
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
        let (name, account) = (region.name().to_owned(), session.account().await);
        let what = format!("list the connection aliases in {name}");
        let pages = region.connection_aliases().pages(wanted.directory_id.as_str());
        let pages = pages.map_err(move |error| Diagnostics::from(explain_alias(&what, &error)));
        let entries = pages.map_ok(move |page| {
            let listed: Vec<_> = page
                .iter()
                .filter_map(|alias| {
                    listed(alias, account.as_ref(), &name, request.include_resource)
                })
                .map(Ok)
                .collect();
            stream::iter(listed)
        });
        Ok::<_, Diagnostics>(entries.try_flatten())
    };
    stream::once(pages).try_flatten().boxed()
}

/// The entry of an alias that this account has associated with a directory.
fn listed(
    alias: &ConnectionAlias,
    account: Option<&Account>,
    region: &str,
    include_resource: bool,
) -> Option<Listed> {
    let directory = own(alias, account)?.directory_id.as_deref()?;
    let name = alias.connection_string.as_deref().unwrap_or(&alias.id);
    let resource = include_resource.then(|| Association::shown(alias, directory, region).encode());
    Some(Listed {
        identity: Identity::new(account, region, &alias.id).encode(),
        display_name: format!("{name}, associated with {directory}"),
        resource,
        diagnostics: Diagnostics::new(),
    })
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
