# A module with a standby, as simple as can be, for standby.tftest.hcl to test.
terraform {
  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

variable "simulator" {
  description = "Where `terraform-provider-aws-workspaces simulate` listens."
  type        = string
  default     = "http://127.0.0.1:4566"
}

variable "team" {
  description = "Whose desktop it is."
  type        = string
  default     = "design"
}

# The simulator wants requests to be signed and does not mind by whom.
provider "aws-workspaces" {
  region     = "us-west-2"
  access_key = "AKIAEXAMPLE"
  secret_key = "not-a-secret"

  endpoints {
    workspaces = var.simulator
    sts        = var.simulator
  }
}

# The simulator has this primary and this directory from the start.
resource "aws_workspaces_standby" "desk" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0primary1"
  primary_region       = "us-east-1"
  directory_id         = "d-92672f1b01"

  tags = {
    Team = var.team
  }
}

output "id" {
  description = "The WorkSpace id of the standby."
  value       = aws_workspaces_standby.desk.id
}
