# terraform apply -invoke=action.aws_workspaces_stop_workspaces.after_drill
#
# Stops the standbys after a drill. AWS charges for the hours that they run.
data "aws_workspaces_standbys" "running" {
  provider = aws-workspaces

  state = "AVAILABLE"
}

action "aws_workspaces_stop_workspaces" "after_drill" {
  provider = aws-workspaces

  config {
    workspace_ids = data.aws_workspaces_standbys.running.ids
  }
}
