# All connection aliases in the provider's Region.
data "aws_workspaces_connection_aliases" "all" {
  provider = aws-workspaces
}

# The alias that is associated with a directory in Ireland.
data "aws_workspaces_connection_aliases" "ireland" {
  provider = aws-workspaces

  region       = "eu-west-1"
  directory_id = "d-93670a1b2c"
}

output "alias_id" {
  value = data.aws_workspaces_connection_aliases.all.by_connection_string["desktop.example.com"]
}

# A warning if users of the directory cannot be redirected. If the configuration creates the association, set depends_on
# in the data source: otherwise it is read before.
check "redirection" {
  assert {
    condition     = length(data.aws_workspaces_connection_aliases.ireland.connection_aliases) == 1
    error_message = "The directory d-93670a1b2c has no connection alias."
  }
}
