use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::describe::{Answer, read};
use super::make::bundle_id;
use super::paging::page;
use super::state::{Cloud, Context};
use crate::sim::random::Random;

/// The operating systems of the bundles that Amazon provides, with the names that they have.
const SYSTEMS: [(&str, &str); 6] = [
    ("WINDOWS_SERVER_2019", "Windows 10 (Server 2019 based)"),
    ("WINDOWS_SERVER_2022", "Windows 10 (Server 2022 based)"),
    ("WINDOWS_SERVER_2025", "Windows 11 (Server 2025 based)"),
    ("UBUNTU_22_04", "Ubuntu 22.04"),
    ("RHEL_8", "Red Hat Enterprise Linux 8"),
    ("ROCKY_8", "Rocky Linux 8"),
];
/// Their compute types, with the capacity of the root and of the user volume in GiB.
const COMPUTES: [(&str, &str, &str); 7] = [
    ("VALUE", "80", "10"),
    ("STANDARD", "80", "50"),
    ("PERFORMANCE", "80", "100"),
    ("POWER", "175", "100"),
    ("POWERPRO", "175", "100"),
    ("GENERALPURPOSE_8XLARGE", "175", "100"),
    ("GRAPHICS_G4DN", "100", "100"),
];
/// When every bundle was made: 2026-01-01.
const MADE: i64 = 1_767_225_600;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Request {
    bundle_ids: Option<Vec<String>>,
    owner: Option<String>,
    next_token: Option<String>,
}

/// What a bundle is made of.
pub(super) struct Bundle {
    id: String,
    owner: String,
    name: String,
    pub(super) operating_system: String,
    pub(super) compute_type: String,
    /// The capacity of the root and of the user volume in GiB.
    volumes: (String, String),
    kind: &'static str,
}

impl Cloud {
    /// `DescribeWorkspaceBundles`: those of Amazon with `Owner` AMAZON, else those of the account,
    /// which has one for each bundle that was mirrored for a standby. Ids find both.
    pub(crate) fn describe_workspace_bundles(&self, context: Context<'_>, body: &Value) -> Answer {
        let request: Request = read(body)?;
        let owner = match request.owner.as_deref() {
            Some(owner) if owner.eq_ignore_ascii_case("AMAZON") => "AMAZON",
            Some(owner) => owner,
            None => &self.account_id,
        };
        let all = self.bundles(context);
        let found = all.values().filter(|bundle| match &request.bundle_ids {
            Some(ids) => ids.contains(&bundle.id),
            None => bundle.owner == owner,
        });
        let items = found.map(|bundle| (bundle.id.as_str(), bundle));
        let question = format!("{}/{owner}/{:?}", context.region, request.bundle_ids);
        let page = page(items, &question, None, request.next_token.as_deref())?;
        let shown: Vec<Value> = page.items.into_iter().map(Bundle::render).collect();
        let mut answer = json!({"Bundles": shown});
        if let Some(token) = page.next_token {
            answer["NextToken"] = json!(token);
        }
        Ok(answer)
    }

    /// The bundles of a Region by id.
    pub(super) fn bundles(&self, context: Context<'_>) -> BTreeMap<String, Bundle> {
        let amazons = SYSTEMS.iter().flat_map(|(system, title)| {
            COMPUTES.iter().map(move |(compute_type, root, user)| Bundle {
                id: bundle_id(context.region, system, compute_type),
                owner: "AMAZON".to_owned(),
                name: format!("{} with {title}", capitalized(compute_type)),
                operating_system: (*system).to_owned(),
                compute_type: (*compute_type).to_owned(),
                volumes: ((*root).to_owned(), (*user).to_owned()),
                kind: "REGULAR",
            })
        });
        let region = self.region(context.region).into_iter();
        let workspaces = region.flat_map(|region| region.workspaces.values());
        let standbys = workspaces.filter(|it| it.primary.is_some() && it.exists(context.now));
        let mirrored = standbys.map(|standby| Bundle {
            id: standby.bundle_id.clone(),
            owner: self.account_id.clone(),
            name: format!("Standby bundle {}", standby.bundle_id),
            operating_system: standby.properties.operating_system_name.clone(),
            compute_type: standby.properties.compute_type_name.clone(),
            volumes: (
                standby.properties.root_volume_size_gib.to_string(),
                standby.properties.user_volume_size_gib.to_string(),
            ),
            kind: "STANDBY",
        });
        amazons.chain(mirrored).map(|bundle| (bundle.id.clone(), bundle)).collect()
    }
}

impl Bundle {
    fn render(&self) -> Value {
        let image = Random::stable(&["image", &self.id]).letters(9);
        json!({
            "BundleId": self.id,
            "Name": self.name,
            "Owner": self.owner,
            "Description": self.name,
            "ImageId": format!("wsi-{image}"),
            "RootStorage": {"Capacity": self.volumes.0},
            "UserStorage": {"Capacity": self.volumes.1},
            "ComputeType": {"Name": self.compute_type},
            "LastUpdatedTime": MADE,
            "CreationTime": MADE,
            "State": "AVAILABLE",
            "BundleType": self.kind,
        })
    }
}

/// `Standard` for `STANDARD`.
fn capitalized(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}
