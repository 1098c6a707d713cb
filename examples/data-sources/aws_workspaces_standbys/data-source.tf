# All standbys in the provider's Region.
data "aws_workspaces_standbys" "all" {
  provider = aws-workspaces
}

# The failed standbys in Ireland whose primaries are in Frankfurt.
data "aws_workspaces_standbys" "failed" {
  provider = aws-workspaces

  region         = "eu-west-1"
  primary_region = "eu-central-1"
  state          = "ERROR"
}

output "users_without_a_working_standby" {
  value = data.aws_workspaces_standbys.failed.standbys[*].user_name
}

output "addresses" {
  value = { for standby in data.aws_workspaces_standbys.all.standbys : standby.user_name => standby.ip_address }
}
