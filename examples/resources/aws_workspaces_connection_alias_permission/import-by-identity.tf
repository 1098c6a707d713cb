import {
  to       = aws_workspaces_connection_alias_permission.desktops
  provider = aws-workspaces
  identity = {
    alias_id          = "wsca-0a1b2c3d4"
    shared_account_id = "210987654321"
    region            = "us-west-2"
  }
}
