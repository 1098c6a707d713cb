# terraform query
#
# The aliases in the provider's Region that are associated with a directory.
list "aws_workspaces_connection_alias_association" "all" {
  provider = aws-workspaces
}

# terraform query -generate-config-out=associations.tf
#
# The alias of a directory in Ireland, with all attributes.
list "aws_workspaces_connection_alias_association" "ireland" {
  provider = aws-workspaces

  include_resource = true

  config {
    region       = "eu-west-1"
    directory_id = "d-93670a1b2c"
  }
}
