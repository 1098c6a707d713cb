# Another account, 210987654321, can associate this alias with one of its directories.
resource "aws_workspaces_connection_alias_permission" "desktops" {
  provider = aws-workspaces

  alias_id          = "wsca-0a1b2c3d4"
  shared_account_id = "210987654321"
}

# If one configuration has the association of the other account too, set its alias_id to
# aws_workspaces_connection_alias_permission.desktops.alias_id: Terraform then creates it after the permission, and
# destroys it before.
