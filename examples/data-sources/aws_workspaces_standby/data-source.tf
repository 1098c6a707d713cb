# By its ID.
data "aws_workspaces_standby" "ana" {
  provider = aws-workspaces

  id = "ws-0f1e2d3c4"
}

# By its primary and its directory.
data "aws_workspaces_standby" "bo" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0a1b2c3d5"
  directory_id         = "d-92670a1b2c"
}

output "bo_can_log_in" {
  value = contains(["AVAILABLE", "STOPPED"], data.aws_workspaces_standby.bo.state)
}
