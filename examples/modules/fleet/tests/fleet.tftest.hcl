# Tests the module without an AWS account:
#
#   terraform-provider-aws-workspaces simulate --snapshot-after 1h   (in another terminal)
#   export AWS_ENDPOINT_URL=http://127.0.0.1:4566
#   export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated
#   terraform test

provider "aws-workspaces" {
  region = "us-west-2"
}

# These directories and users are in the built-in fleet of the simulator.
variables {
  primary_region       = "us-east-1"
  primary_directory_id = "d-90672f1a01"
  region               = "us-west-2"
  directory_id         = "d-92672f1b01"
  user_names           = ["ana", "bo"]
}

run "each_user_gets_a_standby" {
  assert {
    condition     = keys(aws_workspaces_standby.user) == ["ana", "bo"]
    error_message = "There are standbys for ${join(", ", keys(aws_workspaces_standby.user))}."
  }

  assert {
    condition     = aws_workspaces_standby.user["bo"].data_replication == "NO_REPLICATION"
    error_message = "Data replication must be off by default."
  }

  assert {
    condition     = output.ids == sort([for standby in output.standbys : standby.id])
    error_message = "The outputs ids and standbys differ."
  }

  assert {
    condition     = alltrue([for state in local.state : contains(["AVAILABLE", "STOPPED"], state)])
    error_message = "The apply must wait until all standbys are ready."
  }

  assert {
    condition     = alltrue([for standby in output.standbys : standby.ip_address != null])
    error_message = "The output must have what AWS sets while it creates a standby."
  }

  assert {
    condition     = output.uncovered == {}
    error_message = "Everyone in the list must be covered."
  }
}

run "a_new_user_leaves_the_others_alone" {
  variables {
    user_names = ["ana", "bo", "chen"]
    tags       = { Team = "design" }
  }

  assert {
    condition     = output.standbys["ana"].id == run.each_user_gets_a_standby.standbys["ana"].id
    error_message = "The standby of ana must not be replaced."
  }

  assert {
    condition     = aws_workspaces_standby.user["chen"].tags_all == tomap({ Team = "design" })
    error_message = "The standby must have the tags of the module."
  }
}

run "a_list_needs_no_primary_region" {
  command = plan

  variables {
    primaries = { ana = "ws-0primary1", bo = "ws-0primary2", chen = "ws-0primary3" }
    tags      = { Team = "design" }
  }

  assert {
    condition     = length(data.aws_workspaces_primaries.directory) == 0
    error_message = "The primary Region must not be read."
  }

  assert {
    condition     = output.ids == run.a_new_user_leaves_the_others_alone.ids
    error_message = "The list has the same primary WorkSpaces, so nothing changes."
  }

  assert {
    condition     = output.primaries == var.primaries
    error_message = "The output primaries is the list to keep."
  }
}

run "who_is_not_covered_is_reported" {
  command = plan

  variables {
    user_names     = ["ana", "bo", "chen", "gil", "hana", "zoe"]
    excluded_users = ["hana"]
    tags           = { Team = "design" }
  }

  assert {
    condition     = keys(output.uncovered) == ["gil", "zoe"]
    error_message = "The output uncovered has ${jsonencode(output.uncovered)}."
  }

  assert {
    condition     = strcontains(output.uncovered["gil"], "UBUNTU")
    error_message = "The reason is ${output.uncovered["gil"]}"
  }

  expect_failures = [check.everyone_is_covered]
}

# The simulator takes the first snapshot an hour after data replication was turned on.
run "a_missing_snapshot_is_reported" {
  variables {
    user_names       = ["ana", "bo", "chen"]
    tags             = { Team = "design" }
    data_replication = "PRIMARY_AS_SOURCE"
    stale_after      = "24h"
  }

  assert {
    condition     = output.stale == tolist(["ana", "bo", "chen"])
    error_message = "The output stale has ${jsonencode(output.stale)}."
  }

  assert {
    condition     = output.ids == run.a_new_user_leaves_the_others_alone.ids
    error_message = "Data replication must be turned on in place."
  }

  expect_failures = [check.snapshots_are_fresh]
}

run "arguments_are_validated" {
  command = plan

  variables {
    primary_region       = "US East"
    primary_directory_id = "corp.example.com"
    region               = "us-west"
    directory_id         = "ws-0primary1"
    primaries            = { ana = "ana" }
    data_replication     = "ON"
  }

  expect_failures = [
    var.primary_region,
    var.primary_directory_id,
    var.region,
    var.directory_id,
    var.primaries,
    var.data_replication,
  ]
}
