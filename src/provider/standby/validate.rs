use std::collections::BTreeMap;

use crate::aws::partition;
use crate::provider::tags::{TagSettings, to_map};
use crate::tf::{Diagnostic, Diagnostics, Path, Value};

use super::is_region;
use super::key::parse_arn;

/// The Regions for which AWS documents standby WorkSpaces. Others get a warning, not an error,
/// because AWS adds Regions without asking us.
///
/// <https://docs.aws.amazon.com/workspaces/latest/adminguide/multi-region-resilience.html>
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1"];

/// Most tags on one WorkSpace, and most characters of a key and of a value.
///
/// <https://docs.aws.amazon.com/workspaces/latest/api/API_Tag.html>
const MOST_TAGS: usize = 50;
const LONGEST_KEY: usize = 127;
const LONGEST_VALUE: usize = 255;

/// The rules between a standby's arguments that need neither a network nor the provider block.
/// Unknown values pass.
pub(in crate::provider) fn validate(configuration: &Value) -> Diagnostics {
    let region = configuration.get("region");
    let mut diagnostics = regions(configuration, region.as_str());
    // One mistake is told once.
    if !diagnostics.has_errors() {
        diagnostics.extend(undocumented(configuration.get("primary_region"), "primary_region"));
        diagnostics.extend(undocumented(region, "region"));
    }
    diagnostics.extend(own_tags(configuration.get("tags")));
    diagnostics
}

/// The rules that depend on the provider block too, for the plan: with the Region that the
/// configuration leaves to the provider, and with the provider's default tags.
///
/// Terraform plans a replacement twice, the second time as a new resource; `is_planned_again` leaves
/// the warnings to that.
pub(super) fn validate_planned(
    configuration: &Value,
    planned_region: &Value,
    tags: &TagSettings,
    is_planned_again: bool,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    if configuration.get("region").is_null() {
        diagnostics.extend(regions(configuration, planned_region.as_str()));
        if !diagnostics.has_errors() && !is_planned_again {
            diagnostics.extend(undocumented(planned_region, "region"));
        }
    }
    let all = to_map(&tags.planned_all(configuration.get("tags")));
    let own = to_map(configuration.get("tags"));
    if all.len() > MOST_TAGS {
        let detail = format!(
            "Together with the provider's default tags the standby would have {} tags; AWS allows \
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

fn regions(configuration: &Value, region: Option<&str>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    // What has not the form of a Region is an error of its own.
    let Some(region) = region.filter(|region| is_region(region)) else { return diagnostics };
    let key = configuration.get("volume_encryption_key").as_str();
    let primary = configuration.get("primary_region").as_str();
    if let Some(primary) = primary.filter(|primary| is_region(primary)) {
        let path = Path::attribute("primary_region");
        if primary == region {
            let detail = format!(
                "The standby would be made in {region}, the Region of its primary. Set region, or \
                 the provider's region, to the Region that is to take over."
            );
            let summary = "Primary and standby in one Region";
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        } else if partition(primary) != partition(region) {
            let detail = format!(
                "{primary} belongs to the partition {}, {region} to {}; a standby has to be in the \
                 partition of its primary.",
                partition(primary),
                partition(region),
            );
            let summary = "Primary and standby in different partitions";
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        }
    }
    if let Some(arn) = key.and_then(parse_arn) {
        let summary = "Encryption key in the wrong place";
        let path = Path::attribute("volume_encryption_key");
        let advice = "Name a key of the standby's Region; a multi-Region key has a replica there.";
        if arn.partition != partition(region) {
            let detail = format!(
                "The key is in the partition {}, the standby in {}. {advice}",
                arn.partition,
                partition(region),
            );
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        } else if arn.region != region {
            let detail = format!("The key is in {}, the standby in {region}. {advice}", arn.region);
            diagnostics.push(Diagnostic::error(summary, detail).at(path));
        }
    }
    diagnostics
}

fn undocumented(region: &Value, attribute: &str) -> Option<Diagnostic> {
    let region = region.as_str().filter(|region| is_region(region))?;
    (!REGIONS.contains(&region)).then(|| {
        let detail = format!(
            "AWS documents standby WorkSpaces for {} only. If {region} has been added since, this \
             warning can be ignored.",
            REGIONS.join(", ")
        );
        let summary = format!("Standby WorkSpaces may not be available in {region}");
        Diagnostic::warning(summary, detail).at(Path::attribute(attribute))
    })
}

fn own_tags(tags: &Value) -> Diagnostics {
    let mut diagnostics = tag_texts(&to_map(tags));
    let count = tags.as_entries().map_or(0, BTreeMap::len);
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
