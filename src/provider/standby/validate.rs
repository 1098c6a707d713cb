use std::collections::BTreeMap;

use crate::aws::partition;
use crate::provider::attr::{Attr, Field, Tags};
use crate::provider::region::is_region;
use crate::provider::tags::{TagSettings, to_map};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::key::parse_arn;
use super::model::Standby;

/// The Regions for which AWS documents standby WorkSpaces. Others are a warning, not an error, because
/// AWS may add Regions.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1"];

/// Most tags on one WorkSpace, and most characters of a key and of a value.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_Tag.html>
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 127;
const LONGEST_VALUE: usize = 255;

/// The rules between the arguments of a standby that need neither a network nor the provider block.
/// Unknown values pass.
pub(super) fn validate(configuration: &Value) -> Diagnostics {
    let configuration = Standby::decode(configuration).unwrap_or_default();
    let region = configuration.region.as_str();
    let mut diagnostics = regions(&configuration, region);
    // One mistake is reported once.
    if !diagnostics.has_errors() {
        let primary_region = configuration.primary_region.as_str();
        diagnostics.extend(undocumented(primary_region, "primary_region"));
        diagnostics.extend(undocumented(region, "region"));
    }
    diagnostics.extend(own_tags(&configuration.tags));
    diagnostics
}

/// The rules that depend on the provider block too, for the plan: with the provider's Region if the
/// configuration has none, and with the provider's default tags.
///
/// Terraform plans a replacement twice, the second time as a new resource; `is_planned_again` leaves
/// the warnings to the second time.
pub(super) fn validate_planned(
    configuration: &Standby,
    planned_region: &Attr<String>,
    tags: &TagSettings,
    is_planned_again: bool,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if configuration.region.is_null() {
        let region = planned_region.as_str();
        diagnostics.extend(regions(configuration, region));
        if !diagnostics.has_errors() && !is_planned_again {
            diagnostics.extend(undocumented(region, "region"));
        }
    }
    if !is_planned_again {
        diagnostics.extend(ignored_tags(tags, &configuration.tags));
    }
    let all = to_map(&tags.planned_all(&configuration.tags));
    let own = to_map(&configuration.tags);
    if all.len() > MOST_TAGS {
        let detail = format!(
            "With the provider's default tags the standby would have {} tags; AWS allows \
             {MOST_TAGS}. Remove some.",
            all.len()
        );
        diagnostics.push(Diagnostic::error("Too many tags", detail).at(Path::attribute("tags")));
    }
    let defaults: BTreeMap<_, _> =
        all.into_iter().filter(|(key, _)| !own.contains_key(key)).collect();
    diagnostics.extend(tag_texts(&defaults));
    diagnostics
}

fn regions(configuration: &Standby, region: Option<&str>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    // The schema reports what is not the name of a Region.
    let Some(region) = region.filter(|region| is_region(region)) else { return diagnostics };
    let key = configuration.volume_encryption_key.as_str();
    let primary = configuration.primary_region.as_str();
    if let Some(primary) = primary.filter(|primary| is_region(primary)) {
        let path = Path::attribute("primary_region");
        if primary == region {
            let detail = format!(
                "The standby would be created in {region}, the Region of its primary. Set \
                 region, or the provider's region, to another Region."
            );
            let summary = "Primary and standby in the same Region";
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        } else if partition(primary) != partition(region) {
            let detail = format!(
                "{primary} is in the partition {}, and {region} is in {}. A standby must be in \
                 the partition of its primary.",
                partition(primary),
                partition(region),
            );
            let summary = "Primary and standby in different partitions";
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        }
    }
    if let Some(arn) = key.and_then(parse_arn) {
        let summary = "Encryption key in the wrong Region";
        let path = Path::attribute("volume_encryption_key");
        let advice =
            "Use a key in the Region of the standby, or the replica of a multi-Region key.";
        if arn.partition != partition(region) {
            let detail = format!(
                "The key is in the partition {}, and the standby is in {}. {advice}",
                arn.partition,
                partition(region),
            );
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        } else if arn.region != region {
            let detail =
                format!("The key is in {}, and the standby is in {region}. {advice}", arn.region);
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        }
    }
    diagnostics
}

fn undocumented(region: Option<&str>, attribute: &str) -> Option<Diagnostic> {
    let region = region.filter(|region| is_region(region))?;
    (!REGIONS.contains(&region)).then(|| {
        let detail = format!(
            "AWS documents standby WorkSpaces for {} only. If AWS has added {region} since, ignore \
             this warning.",
            REGIONS.join(", ")
        );
        let summary = format!("Standby WorkSpaces may not be available in {region}");
        Diagnostic::warning(summary, detail).at(Path::attribute(attribute))
    })
}

/// A warning for each tag that the provider block ignores: it never reaches AWS.
fn ignored_tags(settings: &TagSettings, tags: &Attr<Tags>) -> Vec<Diagnostic> {
    let warning = |key: String| {
        let detail = format!(
            "The tag {key:?} is not created: ignore_tags in the provider block, or a \
             TF_AWS_IGNORE_TAGS variable, covers its key. Remove it from tags, or stop ignoring it."
        );
        Diagnostic::warning("Ignored tag", detail).at(Path::attribute("tags").key(&key))
    };
    settings
        .ignored_of(tags)
        .into_iter()
        .filter(|key| !key.starts_with("aws:"))
        .map(warning)
        .collect()
}

fn own_tags(tags: &Attr<Tags>) -> Diagnostics {
    let mut diagnostics = tag_texts(&to_map(tags));
    let count = tags.known().into_iter().flatten().filter(|(_, value)| !value.is_null()).count();
    if count > MOST_TAGS {
        let detail = format!("There are {count} tags; AWS allows {MOST_TAGS}. Remove some.");
        diagnostics.push(Diagnostic::error("Too many tags", detail).at(Path::attribute("tags")));
    }
    diagnostics
}

fn tag_texts(tags: &BTreeMap<String, String>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for (key, value) in tags {
        let path = Path::attribute("tags").key(key);
        let length = key.chars().count();
        if key.starts_with("aws:") {
            let detail = format!(
                "The key {key:?} begins with \"aws:\", which is reserved for AWS. Choose another key."
            );
            diagnostics.push(Diagnostic::error("Invalid tag key", detail).at(path.clone()));
        } else if length == 0 || length > LONGEST_KEY {
            let detail =
                format!("The key {key:?} has {length} characters; AWS allows 1 to {LONGEST_KEY}.");
            diagnostics.push(Diagnostic::error("Invalid tag key", detail).at(path.clone()));
        }
        let length = value.chars().count();
        if length > LONGEST_VALUE {
            let detail = format!(
                "The value of the tag {key:?} has {length} characters; AWS allows {LONGEST_VALUE}."
            );
            diagnostics.push(Diagnostic::error("Invalid tag value", detail).at(path));
        }
    }
    diagnostics
}
