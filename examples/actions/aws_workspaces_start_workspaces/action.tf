# terraform apply -invoke=action.aws_workspaces_start_workspaces.drill
#
# Starts all standbys of the provider's Region before a drill, so that users do not have to wait.
data "aws_workspaces_standbys" "all" {
  provider = aws-workspaces
}

action "aws_workspaces_start_workspaces" "drill" {
  provider = aws-workspaces

  config {
    workspace_ids = data.aws_workspaces_standbys.all.ids
    timeout       = "30m"
  }
}
