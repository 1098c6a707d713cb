terraform {
  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

# Credentials come from the environment, a profile or an instance role, as with hashicorp/aws.
provider "aws-workspaces" {
  region = "us-west-2" # the standby Region

  default_tags {
    tags = {
      ManagedBy = "terraform"
    }
  }
}
