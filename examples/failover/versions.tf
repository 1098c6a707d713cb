terraform {
  required_version = ">= 1.7"

  required_providers {
    # Since 6.0 each resource can name its Region, so one provider block is enough for both Regions.
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

# Both providers work in the standby Region, so that they can be configured while the primary Region is down.
provider "aws" {
  region     = var.standby.region
  sts_region = var.standby.region
}

provider "aws-workspaces" {
  region = var.standby.region
}
