# The WorkSpaces of a directory in the primary Region.
data "aws_workspaces_primaries" "office" {
  provider = aws-workspaces

  region       = "us-east-1"
  directory_id = "d-90670a1b2c"
}

# A standby for each that can have one.
resource "aws_workspaces_standby" "user" {
  provider = aws-workspaces
  for_each = data.aws_workspaces_primaries.office.by_user

  primary_workspace_id = each.value
  primary_region       = data.aws_workspaces_primaries.office.region
  directory_id         = "d-92670a1b2c"
}

# The WorkSpaces that need a standby and do not have one.
data "aws_workspaces_primaries" "uncovered" {
  provider = aws-workspaces

  region      = "us-east-1"
  tags        = { Tier = "critical" }
  has_standby = false
}

output "users_without_a_standby" {
  value = data.aws_workspaces_primaries.uncovered.primaries[*].user_name
}
