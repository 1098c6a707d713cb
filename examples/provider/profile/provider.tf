# A profile of ~/.aws/config. For a profile of AWS IAM Identity Center, run
# `aws sso login --profile workspaces-dr` first.
provider "aws-workspaces" {
  region  = "us-west-2"
  profile = "workspaces-dr"
}
