terraform {
  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

# Credentials come from the environment, a profile or the machine's role, as with hashicorp/aws.
provider "aws-workspaces" {
  region = "us-west-2" # where the standbys are made

  default_tags {
    tags = {
      ManagedBy = "terraform"
    }
  }
}
