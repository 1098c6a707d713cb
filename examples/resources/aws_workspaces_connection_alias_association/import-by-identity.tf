import {
  to       = aws_workspaces_connection_alias_association.west
  provider = aws-workspaces
  identity = {
    alias_id = "wsca-0a1b2c3d4"
    region   = "us-west-2"
  }
}
