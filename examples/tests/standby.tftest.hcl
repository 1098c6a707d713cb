# Tests a module with a standby, without an AWS account:
#
#   terraform-provider-aws-workspaces simulate   (in another terminal)
#   terraform test

run "the_plan_is_told_the_region" {
  command = plan

  assert {
    condition     = aws_workspaces_standby.desk.region == "us-west-2"
    error_message = "The standby is to be made in the Region of the provider."
  }

  assert {
    condition     = aws_workspaces_standby.desk.data_replication == "NO_REPLICATION"
    error_message = "Replication is to be off unless it is asked for."
  }
}

run "the_standby_is_made" {
  assert {
    condition     = aws_workspaces_standby.desk.state == "AVAILABLE"
    error_message = "The standby is ${aws_workspaces_standby.desk.state}."
  }

  assert {
    condition     = aws_workspaces_standby.desk.user_name == "ana"
    error_message = "A standby has the user of its primary."
  }
}

run "another_team_keeps_the_standby" {
  variables {
    team = "art"
  }

  assert {
    condition     = output.id == run.the_standby_is_made.id
    error_message = "A tag is no reason to replace a standby."
  }

  assert {
    condition     = aws_workspaces_standby.desk.tags_all == tomap({ Team = "art" })
    error_message = "The tag did not change."
  }
}
