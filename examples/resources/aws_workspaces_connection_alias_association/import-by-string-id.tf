import {
  to       = aws_workspaces_connection_alias_association.west
  provider = aws-workspaces
  id       = "wsca-0a1b2c3d4"
}
