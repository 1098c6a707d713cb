terraform {
  required_providers {
    aws-workspaces = {
      source  = "workspaces-dr/aws-workspaces"
      version = "~> 0.1"
    }
  }
}

# The standby Region. Credentials come from the environment, a profile, a role or the machine.
provider "aws-workspaces" {
  region = "us-west-2"

  default_tags {
    tags = {
      ManagedBy = "terraform"
    }
  }
}

resource "aws_workspaces_standby" "ana" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0a1b2c3d4"
  primary_region       = "us-east-1"
  directory_id         = "d-92670a1b2c"
}
