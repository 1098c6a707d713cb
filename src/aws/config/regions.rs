/// The Regions of all partitions, as the AWS SDK of this version knows them.
///
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const REGIONS: [&str; 46] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

/// The Regions in which Amazon WorkSpaces has a FIPS endpoint; the isolated Regions have one too.
///
/// <https://docs.aws.amazon.com/general/latest/gr/wsp.html>
const FIPS_REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "us-gov-east-1", "us-gov-west-1"];

/// Whether this version knows a Region of that name.
pub fn is_known_region(region: &str) -> bool {
    REGIONS.contains(&region)
}

/// Whether Amazon WorkSpaces has a FIPS endpoint in the Region.
pub fn has_fips_endpoint(region: &str) -> bool {
    FIPS_REGIONS.contains(&region) || region.starts_with("us-iso")
}
