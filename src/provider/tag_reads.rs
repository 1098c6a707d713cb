use std::collections::BTreeMap;

use crate::aws::{Account, Fallback, Kind, Region, TagsRead};
use crate::tf::{Diagnostic, Diagnostics};

use super::explain::{explain, said};

/// The tags of many WorkSpaces in the order of their ids, and warnings about how they were read.
///
/// # Errors
/// A diagnostic about the first WorkSpace whose tags could not be read.
pub(super) async fn tags_of(
    region: &Region,
    account: Option<&Account>,
    ids: impl Iterator<Item = &str> + Clone,
) -> Result<(Vec<BTreeMap<String, String>>, Diagnostics), Diagnostic> {
    let (mut all, mut warnings) = (Vec::new(), Diagnostics::new());
    let reads = region.read_tags_of(ids.clone(), account).await;
    for (id, read) in ids.zip(reads) {
        match read {
            Ok(TagsRead { tags, fallback }) => {
                all.push(tags);
                warnings.extend(fallback.map(|why| read_elsewhere(&why, region.name())));
            }
            // It was terminated since it was listed.
            Err(error) if error.kind == Kind::NotFound => all.push(BTreeMap::new()),
            Err(error) => {
                let what = format!("read the tags of {id} in {}", region.name());
                return Err(explain(&what, &error));
            }
        }
    }
    Ok((all, warnings))
}

/// A warning that tags were not read where the provider block says.
pub(super) fn read_elsewhere(why: &Fallback, region: &str) -> Diagnostic {
    let detail = match why {
        Fallback::Refused(error) => format!(
            "{} The provider reads the tags with DescribeTags instead, one WorkSpace per call. \
             tag_reads = \"tagging_api\" needs the permission tag:GetResources.",
            said(error)
        ),
        Fallback::NoAccount => "The Resource Groups Tagging API finds resources by ARN, which \
                                needs the account ID, and the account ID is not known. The \
                                provider reads the tags with DescribeTags instead, one WorkSpace \
                                per call. Remove skip_requesting_account_id, and check the \
                                connection to AWS STS."
            .to_owned(),
        Fallback::Missing => "The Resource Groups Tagging API does not show a WorkSpace that has \
             tags; it may be some minutes behind. Its tags were read from Amazon WorkSpaces \
             instead."
            .to_owned(),
    };
    Diagnostic::warning(format!("Tags in {region} were not read through the tagging API"), detail)
}
