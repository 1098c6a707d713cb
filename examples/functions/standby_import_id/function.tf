# ws-0f1e2d3c4@eu-west-1
output "import_id" {
  value = provider::aws-workspaces::standby_import_id("ws-0f1e2d3c4", "eu-west-1")
}
