# A configuration for drills and for the day of an outage. It calls the standby Region only, and has nothing to apply.
#
#   terraform apply -invoke=action.aws_workspaces_start_workspaces.standbys
#   terraform apply   (shows the states after it)
terraform {
  required_version = ">= 1.14"

  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

provider "aws-workspaces" {
  region = var.standby.region
}

variable "standby" {
  description = "The standby Region and its directory."
  type = object({
    region       = string
    directory_id = string
  })
  nullable = false
}

variable "users" {
  description = "Only the standbys of these users. If null, those of all users."
  type        = set(string)
  default     = null
}

data "aws_workspaces_standbys" "directory" {
  provider = aws-workspaces

  region       = var.standby.region
  directory_id = var.standby.directory_id
}

data "aws_workspaces_connection_aliases" "directory" {
  provider = aws-workspaces

  region       = var.standby.region
  directory_id = var.standby.directory_id
}

locals {
  standbys = {
    for standby in data.aws_workspaces_standbys.directory.standbys : standby.user_name => standby
    if var.users == null ? true : contains(var.users, standby.user_name)
  }
}

# So that users do not have to wait for a desktop.
action "aws_workspaces_start_workspaces" "standbys" {
  provider = aws-workspaces

  config {
    region        = var.standby.region
    workspace_ids = values(local.standbys)[*].id
  }
}

# After the drill. Users who are connected are disconnected.
action "aws_workspaces_stop_workspaces" "standbys" {
  provider = aws-workspaces

  config {
    region        = var.standby.region
    workspace_ids = values(local.standbys)[*].id
  }
}

output "readiness" {
  description = "The state of each standby, of its primary as the standby Region reports it, and the time of its last snapshot, by user."
  value = {
    for user, standby in local.standbys : user => {
      standby  = standby.state
      primary  = standby.primary_state
      snapshot = standby.recovery_snapshot_time
    }
  }
}

output "registration_codes" {
  description = "What users enter to be redirected to the directory."
  value       = keys(data.aws_workspaces_connection_aliases.directory.by_connection_string)
}
