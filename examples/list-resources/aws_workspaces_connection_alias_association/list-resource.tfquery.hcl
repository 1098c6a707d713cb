# terraform query
#
# The aliases in the provider's Region that are associated with a directory.
list "aws_workspaces_connection_alias_association" "all" {
  provider = aws-workspaces

  limit = 1000
}

# terraform query -generate-config-out=associations.tf
#
# The alias of a directory in Ireland, with all attributes.
list "aws_workspaces_connection_alias_association" "ireland" {
  provider = aws-workspaces

  include_resource = true
  limit            = 1000

  config {
    region       = "eu-west-1"
    directory_id = "d-93670a1b2c"
  }
}
