# All standbys in the Region of the provider.
data "aws_workspaces_standbys" "all" {
  provider = aws-workspaces
}

# The failed standbys in Ireland with primaries in Frankfurt.
data "aws_workspaces_standbys" "failed" {
  provider = aws-workspaces

  region         = "eu-west-1"
  primary_region = "eu-central-1"
  state          = "ERROR"
}

output "users_without_a_standby_that_works" {
  value = data.aws_workspaces_standbys.failed.standbys[*].user_name
}

output "addresses" {
  value = { for standby in data.aws_workspaces_standbys.all.standbys : standby.user_name => standby.ip_address }
}
