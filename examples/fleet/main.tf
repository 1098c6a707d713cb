# Many standbys. AWS takes tens of minutes to create each, and Terraform creates ten resources at a
# time. So the resources do not wait, and a data source waits for all of them.
terraform {
  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

variable "primaries" {
  description = "The IDs of the primary WorkSpaces in us-east-1."
  type        = set(string)
}

variable "directory_id" {
  description = "The directory of the standbys, in us-west-2."
  type        = string
}

provider "aws-workspaces" {
  region = "us-west-2"
}

resource "aws_workspaces_standby" "desk" {
  provider = aws-workspaces
  for_each = var.primaries

  primary_workspace_id = each.value
  primary_region       = "us-east-1"
  directory_id         = var.directory_id
  wait_for_ready       = false # wait only for the ID; see below
}

# Starts when AWS has accepted all of the above, and waits until all of them are ready.
data "aws_workspaces_standbys" "ready" {
  provider   = aws-workspaces
  depends_on = [aws_workspaces_standby.desk]

  directory_id   = var.directory_id
  wait_for_ready = true

  timeouts {
    read = "4h"
  }
}

output "addresses" {
  description = "The IP addresses of the standbys by user."
  value       = { for standby in data.aws_workspaces_standbys.ready.standbys : standby.user_name => standby.ip_address }
}
