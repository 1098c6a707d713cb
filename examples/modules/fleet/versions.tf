terraform {
  required_version = ">= 1.5"

  required_providers {
    aws-workspaces = {
      source  = "workspaces-dr/aws-workspaces"
      version = ">= 0.1.0"
    }
  }
}
