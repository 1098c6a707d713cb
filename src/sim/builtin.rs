use std::collections::BTreeMap;

use super::{Fleet, FleetConnectionAlias, FleetDirectory, FleetRegion, FleetWorkspace};

/// The account that everything belongs to.
pub const ACCOUNT_ID: &str = "123456789012";

/// The Region of [`PRIMARIES`], of the unsupported primaries and of the synthetic ones.
pub const PRIMARY_REGION: &str = "us-east-1";
/// The directory of all WorkSpaces in [`PRIMARY_REGION`].
pub const PRIMARY_DIRECTORY_ID: &str = "d-90672f1a01";

/// Windows primaries with nothing special about them.
pub const PRIMARIES: [&str; 5] =
    ["ws-0primary1", "ws-0primary2", "ws-0primary3", "ws-0primary4", "ws-0primary5"];
/// The users of [`PRIMARIES`], in the same order.
pub const USERS: [&str; 5] = ["ana", "bo", "chen", "dora", "emil"];
/// A Windows primary with both volumes encrypted.
pub const ENCRYPTED_PRIMARY: &str = "ws-0encrypted";
/// A Linux primary, which cannot have a standby.
pub const LINUX_PRIMARY: &str = "ws-0linux001";
/// A primary with a graphics bundle, which cannot have a standby.
pub const GRAPHICS_PRIMARY: &str = "ws-0graphics1";
/// A primary with a `GENERALPURPOSE_8XLARGE` bundle, which cannot have a standby.
pub const GENERAL_PURPOSE_PRIMARY: &str = "ws-0general8x";
/// A Windows primary whose user already has [`ORDINARY_WORKSPACE`] in the standby directory.
pub const OCCUPIED_PRIMARY: &str = "ws-0occupied1";

/// The usual standby Region.
pub const STANDBY_REGION: &str = "us-west-2";
/// The registered AD Connector directory of [`STANDBY_REGION`].
pub const STANDBY_DIRECTORY_ID: &str = "d-92672f1b01";
/// A Simple AD directory of [`STANDBY_REGION`]: no data replication there.
pub const SIMPLE_AD_DIRECTORY_ID: &str = "d-92672f1b02";
/// A directory of [`STANDBY_REGION`] that is `DEREGISTERED`.
pub const DEREGISTERED_DIRECTORY_ID: &str = "d-92672f1b03";
/// A WorkSpace of [`STANDBY_REGION`] that is not a standby.
pub const ORDINARY_WORKSPACE: &str = "ws-0ordinary1";

/// A connection alias of [`PRIMARY_REGION`] that is not associated.
pub const PRIMARY_ALIAS_ID: &str = "wsca-0primary01";
/// A connection alias of [`STANDBY_REGION`] with the same connection string.
pub const STANDBY_ALIAS_ID: &str = "wsca-0standby01";

/// A second standby Region, with two primaries of its own.
pub const IRELAND: &str = "eu-west-1";
/// The registered directory of [`IRELAND`].
pub const IRELAND_DIRECTORY_ID: &str = "d-93672f1c01";
/// The primaries of [`IRELAND`].
pub const IRELAND_PRIMARIES: [&str; 2] = ["ws-0ireland1", "ws-0ireland2"];
/// A third standby Region.
pub const FRANKFURT: &str = "eu-central-1";
/// The registered directory of [`FRANKFURT`].
pub const FRANKFURT_DIRECTORY_ID: &str = "d-99672f1d01";
/// A Region whose standby quota is 0, as in a new account.
pub const ZERO_QUOTA_REGION: &str = "ap-southeast-2";
/// The registered directory of [`ZERO_QUOTA_REGION`].
pub const ZERO_QUOTA_DIRECTORY_ID: &str = "d-97672f1e01";

/// More than any test or demonstration creates.
const GENEROUS_QUOTA: u32 = 10_000;

/// The fleet that the simulator starts with by default.
#[must_use]
pub fn fleet() -> Fleet {
    let regions = [
        (
            PRIMARY_REGION,
            FleetRegion {
                connection_aliases: vec![alias(PRIMARY_ALIAS_ID)],
                ..region(GENEROUS_QUOTA, [FleetDirectory::new(PRIMARY_DIRECTORY_ID)], primaries())
            },
        ),
        (
            STANDBY_REGION,
            FleetRegion {
                connection_aliases: vec![alias(STANDBY_ALIAS_ID)],
                ..region(GENEROUS_QUOTA, standby_directories(), vec![ordinary()])
            },
        ),
        (IRELAND, region(GENEROUS_QUOTA, [FleetDirectory::new(IRELAND_DIRECTORY_ID)], ireland())),
        (FRANKFURT, region(GENEROUS_QUOTA, [FleetDirectory::new(FRANKFURT_DIRECTORY_ID)], vec![])),
        (ZERO_QUOTA_REGION, region(0, [FleetDirectory::new(ZERO_QUOTA_DIRECTORY_ID)], vec![])),
    ];
    Fleet {
        account_id: ACCOUNT_ID.to_owned(),
        regions: regions.into_iter().map(|(name, region)| (name.to_owned(), region)).collect(),
    }
}

/// The alias by which users reach the desktops of one Region or the other.
fn alias(id: &str) -> FleetConnectionAlias {
    FleetConnectionAlias {
        alias_id: id.to_owned(),
        connection_string: "workspaces.example.com".to_owned(),
        ..FleetConnectionAlias::default()
    }
}

/// The id of the nth primary (from 1) that `--primaries` generates.
#[must_use]
pub fn synthetic_primary_id(number: u32) -> String {
    format!("ws-synthetic{number:05}")
}

/// The user of the nth primary (from 1) that `--primaries` generates.
#[must_use]
pub fn synthetic_user_name(number: u32) -> String {
    format!("synthetic{number:05}")
}

/// Adds `count` generated primaries to [`PRIMARY_REGION`], and [`PRIMARY_DIRECTORY_ID`] where a fleet
/// lacks it.
pub(super) fn add_synthetic(fleet: &mut Fleet, count: u32) {
    if count == 0 {
        return;
    }
    let region = fleet.regions.entry(PRIMARY_REGION.to_owned()).or_default();
    if !region.directories.iter().any(|directory| directory.directory_id == PRIMARY_DIRECTORY_ID) {
        region.directories.push(FleetDirectory::new(PRIMARY_DIRECTORY_ID));
    }
    region.workspaces.extend((1..=count).map(|n| {
        FleetWorkspace::new(&synthetic_primary_id(n), &synthetic_user_name(n), PRIMARY_DIRECTORY_ID)
    }));
}

fn region<const N: usize>(
    standby_quota: u32,
    directories: [FleetDirectory; N],
    workspaces: Vec<FleetWorkspace>,
) -> FleetRegion {
    FleetRegion {
        standby_quota,
        directories: directories.into(),
        workspaces,
        ..FleetRegion::default()
    }
}

fn primaries() -> Vec<FleetWorkspace> {
    let make = |id, user| FleetWorkspace::new(id, user, PRIMARY_DIRECTORY_ID);
    let mut all: Vec<_> =
        PRIMARIES.into_iter().zip(USERS).map(|(id, user)| make(id, user)).collect();
    all[0].tags = BTreeMap::from([("Team".to_owned(), "design".to_owned())]);
    all.push(FleetWorkspace {
        volume_encryption_key: Some("alias/workspaces".to_owned()),
        ..make(ENCRYPTED_PRIMARY, "fatou")
    });
    all.push(FleetWorkspace {
        operating_system_name: "UBUNTU_22_04".to_owned(),
        ..make(LINUX_PRIMARY, "gil")
    });
    all.push(FleetWorkspace {
        compute_type_name: "GRAPHICS_G4DN".to_owned(),
        ..make(GRAPHICS_PRIMARY, "hana")
    });
    all.push(FleetWorkspace {
        compute_type_name: "GENERALPURPOSE_8XLARGE".to_owned(),
        ..make(GENERAL_PURPOSE_PRIMARY, "ivo")
    });
    all.push(make(OCCUPIED_PRIMARY, "jun"));
    all
}

fn standby_directories() -> [FleetDirectory; 3] {
    let new = FleetDirectory::new;
    [
        new(STANDBY_DIRECTORY_ID),
        FleetDirectory { directory_type: "SIMPLE_AD".to_owned(), ..new(SIMPLE_AD_DIRECTORY_ID) },
        FleetDirectory { state: "DEREGISTERED".to_owned(), ..new(DEREGISTERED_DIRECTORY_ID) },
    ]
}

fn ordinary() -> FleetWorkspace {
    FleetWorkspace::new(ORDINARY_WORKSPACE, "jun", STANDBY_DIRECTORY_ID)
}

fn ireland() -> Vec<FleetWorkspace> {
    let make = |id, user| FleetWorkspace::new(id, user, IRELAND_DIRECTORY_ID);
    vec![make(IRELAND_PRIMARIES[0], "kofi"), make(IRELAND_PRIMARIES[1], "lena")]
}
