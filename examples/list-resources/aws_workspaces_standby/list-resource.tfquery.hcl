# terraform query
#
# The standbys in the provider's Region.
list "aws_workspaces_standby" "all" {
  provider = aws-workspaces

  limit = 1000
}

# terraform query -generate-config-out=standbys.tf
#
# The standbys of a directory in Ireland whose primaries are in Frankfurt, with all attributes.
list "aws_workspaces_standby" "ireland" {
  provider = aws-workspaces

  include_resource = true
  limit            = 1000

  config {
    region         = "eu-west-1"
    directory_id   = "d-93670a1b2c"
    primary_region = "eu-central-1"
  }
}
