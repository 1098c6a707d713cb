# A minimal module with a standby, tested by standby.tftest.hcl.
terraform {
  required_providers {
    aws-workspaces = {
      source = "workspaces-dr/aws-workspaces"
    }
  }
}

variable "simulator" {
  description = "The address of `terraform-provider-aws-workspaces simulate`."
  type        = string
  default     = "http://127.0.0.1:4566"
}

variable "team" {
  description = "The value of the tag Team."
  type        = string
  default     = "design"
}

# The simulator requires signed requests but accepts any credentials.
provider "aws-workspaces" {
  region     = "us-west-2"
  access_key = "AKIAEXAMPLE"
  secret_key = "not-a-secret"

  endpoints {
    workspaces = var.simulator
    sts        = var.simulator
  }
}

# This primary and this directory are in the built-in fleet of the simulator.
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
  description = "The WorkSpace ID of the standby."
  value       = aws_workspaces_standby.desk.id
}
