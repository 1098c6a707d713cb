# The role of the account that the WorkSpaces are in. Several blocks are assumed in order.
provider "aws-workspaces" {
  region = "us-west-2"

  assume_role {
    role_arn     = "arn:aws:iam::123456789012:role/workspaces-standby"
    session_name = "terraform"
    external_id  = "workspaces-dr"
  }
}
