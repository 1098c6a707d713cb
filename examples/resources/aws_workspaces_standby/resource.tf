# A standby in the provider's Region for Ana's WorkSpace in us-east-1.
resource "aws_workspaces_standby" "ana" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0a1b2c3d4"
  primary_region       = "us-east-1"
  directory_id         = "d-92670a1b2c" # registered in the standby Region, with the same user names
}

# A standby in another Region, with data replication, encryption and tags.
resource "aws_workspaces_standby" "bo" {
  provider = aws-workspaces

  region                = "eu-west-1"
  primary_workspace_id  = "ws-0a1b2c3d5"
  primary_region        = "us-east-1"
  directory_id          = "d-93670a1b2c"
  data_replication      = "PRIMARY_AS_SOURCE" # AWS charges for it
  volume_encryption_key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"

  tags = {
    Purpose = "standby"
  }

  timeouts {
    create = "4h"
  }
}
