# Ana and Bo work on WorkSpaces in us-east-1. Each gets a standby in us-west-2.

terraform {
  required_providers {
    aws-workspaces = {
      source = "registry.terraform.io/workspaces-dr/aws-workspaces"
    }
  }
}

provider "aws-workspaces" {
  region = "us-west-2" # the standby Region

  default_tags {
    tags = {
      ManagedBy = "terraform"
    }
  }
}

resource "aws_workspaces_standby" "desk" {
  provider = aws-workspaces

  for_each = {
    ana = "ws-0primary1"
    bo  = "ws-0primary2"
  }

  primary_workspace_id = each.value
  primary_region       = "us-east-1"
  directory_id         = "d-92672f1b01"
  # data_replication   = "PRIMARY_AS_SOURCE"

  tags = {
    Purpose = "standby of ${each.key}"
    # Drill = "autumn"
  }
}

output "standbys" {
  value = { for user, standby in aws_workspaces_standby.desk : user => standby.id }
}
