locals {
  standby = provider::aws-workspaces::parse_standby_arn("arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0f1e2d3c4")
}

# eu-west-1
output "region" {
  value = local.standby.region
}

# ws-0f1e2d3c4
output "id" {
  value = local.standby.id
}
