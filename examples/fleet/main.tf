# A standby in us-west-2 for each WorkSpace of a directory in us-east-1 that can have one. To try it without an AWS account:
#
#   terraform-provider-aws-workspaces simulate   (in another terminal)
#   export AWS_ENDPOINT_URL=http://127.0.0.1:4566
#   export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated
#   terraform init
#   terraform apply
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
  excluded_users       = ["jun"] # has another WorkSpace in the directory of the standbys
}

output "addresses" {
  description = "The IP addresses of the standbys by user."
  value       = { for user, standby in module.fleet.standbys : user => standby.ip_address }
}

output "uncovered" {
  description = "The users without a standby, and why."
  value       = module.fleet.uncovered
}
