# A standby in us-west-2 for each WorkSpace of a directory in us-east-1 that can have one.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

provider "aws-workspaces" {
  region = "us-west-2"
}

module "fleet" {
  source = "../modules/fleet"

  primary_region       = "us-east-1"
  primary_directory_id = "d-90672f1a01"
  region               = "us-west-2"
  directory_id         = "d-92672f1b01"
}

output "addresses" {
  description = "The IP addresses of the standbys by user."
  value       = { for user, standby in module.fleet.standbys : user => standby.ip_address }
}

output "uncovered" {
  description = "The users without a standby, and why."
  value       = module.fleet.uncovered
}
