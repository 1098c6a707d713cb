# A standby in the Region of the provider for a WorkSpace in us-east-1.
resource "aws_workspaces_standby" "ana" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0a1b2c3d4"
  primary_region       = "us-east-1"
  directory_id         = "d-92670a1b2c" # registered in the standby Region, with the same users
  data_replication     = "PRIMARY_AS_SOURCE"

  tags = {
    Purpose = "standby"
  }

  timeouts {
    create = "2h"
  }
}
