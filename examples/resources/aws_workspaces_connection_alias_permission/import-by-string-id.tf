import {
  to       = aws_workspaces_connection_alias_permission.desktops
  provider = aws-workspaces
  id       = "wsca-0a1b2c3d4/210987654321"
}
