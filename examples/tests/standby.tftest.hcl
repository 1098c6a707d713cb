# Tests a module with a standby, without an AWS account:
#
#   terraform-provider-aws-workspaces simulate   (in another terminal)
#   terraform test

run "plan_has_the_region" {
  command = plan

  assert {
    condition     = aws_workspaces_standby.desk.region == "us-west-2"
    error_message = "The standby must be in the Region of the provider."
  }

  assert {
    condition     = aws_workspaces_standby.desk.data_replication == "NO_REPLICATION"
    error_message = "Data replication must be off by default."
  }
}

run "standby_is_created" {
  assert {
    condition     = aws_workspaces_standby.desk.state == "AVAILABLE"
    error_message = "The standby is ${aws_workspaces_standby.desk.state}."
  }

  assert {
    condition     = aws_workspaces_standby.desk.user_name == "ana"
    error_message = "The standby must have the user of its primary."
  }
}

run "tag_changes_in_place" {
  variables {
    team = "art"
  }

  assert {
    condition     = output.id == run.standby_is_created.id
    error_message = "Changing a tag must not replace the standby."
  }

  assert {
    condition     = aws_workspaces_standby.desk.tags_all == tomap({ Team = "art" })
    error_message = "The tag did not change."
  }
}
