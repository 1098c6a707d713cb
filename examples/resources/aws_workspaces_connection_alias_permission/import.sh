# By the ID of the alias and the account that it is shared with, in the provider's Region
terraform import aws_workspaces_connection_alias_permission.desktops wsca-0a1b2c3d4/210987654321

# In another Region. Set region = "eu-west-1" in the resource too
terraform import aws_workspaces_connection_alias_permission.ireland wsca-0a1b2c3d5/210987654321@eu-west-1
