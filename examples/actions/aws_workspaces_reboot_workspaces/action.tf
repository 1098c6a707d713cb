# Reboots a standby after it was created, so that it applies the policies of its directory.
resource "aws_workspaces_standby" "ana" {
  provider = aws-workspaces

  primary_workspace_id = "ws-0a1b2c3d4"
  primary_region       = "us-east-1"
  directory_id         = "d-92670a1b2c"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.aws_workspaces_reboot_workspaces.ana]
    }
  }
}

action "aws_workspaces_reboot_workspaces" "ana" {
  provider = aws-workspaces

  config {
    workspace_ids = [aws_workspaces_standby.ana.id]
  }
}
