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

# Those whose recovery snapshot is more than a day old are in `stale`.
data "aws_workspaces_standbys" "fresh" {
  provider = aws-workspaces

  stale_after = "24h"
}

output "users_without_a_working_standby" {
  value = data.aws_workspaces_standbys.failed.standbys[*].user_name
}

output "addresses" {
  value = { for standby in data.aws_workspaces_standbys.all.standbys : standby.user_name => standby.ip_address }
}
