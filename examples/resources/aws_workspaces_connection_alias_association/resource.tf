# Users who enter the connection string of the alias as their registration code are redirected to this directory. The
# alias is the resource aws_workspaces_connection_alias of hashicorp/aws; examples/failover has both.
resource "aws_workspaces_connection_alias_association" "west" {
  provider = aws-workspaces

  alias_id     = "wsca-0a1b2c3d4"
  directory_id = "d-92670a1b2c"
}

# The alias of another Region, with the same connection string.
resource "aws_workspaces_connection_alias_association" "ireland" {
  provider = aws-workspaces

  region       = "eu-west-1"
  alias_id     = "wsca-0a1b2c3d5"
  directory_id = "d-93670a1b2c"
}

# The values of the DNS TXT records that redirect users to each Region.
output "connection_identifiers" {
  value = [
    aws_workspaces_connection_alias_association.west.connection_identifier,
    aws_workspaces_connection_alias_association.ireland.connection_identifier,
  ]
}
