# By the ID of the alias, in the provider's Region
terraform import aws_workspaces_connection_alias_association.west wsca-0a1b2c3d4

# In another Region. Set region = "eu-west-1" in the resource too
terraform import aws_workspaces_connection_alias_association.ireland wsca-0a1b2c3d5@eu-west-1
