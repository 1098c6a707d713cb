# Tests the example without an AWS account. The types of hashicorp/aws are mocked, and those of aws-workspaces run against
# the simulator, whose fleet has the aliases:
#
#   terraform-provider-aws-workspaces simulate --fleet tests/fleet.json   (in another terminal)
#   export AWS_ENDPOINT_URL=http://127.0.0.1:4566
#   export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated
#   terraform test

mock_provider "aws" {
  override_resource {
    target = aws_workspaces_connection_alias.primary
    values = { id = "wsca-0primary1" }
  }

  override_resource {
    target = aws_workspaces_connection_alias.standby
    values = { id = "wsca-0standby1" }
  }
}

provider "aws-workspaces" {
  region = "us-west-2"
}

variables {
  primary           = { region = "us-east-1", directory_id = "d-90672f1a01" }
  standby           = { region = "us-west-2", directory_id = "d-92672f1b01" }
  connection_string = "desktop.example.com"
  zone_id           = "Z0123456789ABCDEFGHIJ"
  alarm             = { name = "desktops-unreachable", region = "us-west-2" }
  excluded_users    = ["gil"]
}

run "users_are_redirected_to_a_region_and_have_a_standby" {
  assert {
    condition     = keys(output.standbys) == ["ana", "bo"]
    error_message = "There are standbys for ${join(", ", keys(output.standbys))}."
  }

  assert {
    condition     = aws_workspaces_connection_alias_association.primary.association_status == "ASSOCIATED_WITH_OWNER_ACCOUNT"
    error_message = "The alias of the primary Region must be associated."
  }

  assert {
    condition     = one(aws_route53_record.standby.records) == output.connection_identifiers.standby
    error_message = "The TXT record of the standby Region must have its connection identifier."
  }

  assert {
    condition     = output.uncovered == {}
    error_message = "Everyone must be covered."
  }
}

run "a_drill_inverts_the_health_check_and_nothing_else" {
  variables {
    failed_over = true
  }

  assert {
    condition     = aws_route53_health_check.primary.invert_healthcheck
    error_message = "The health check must be inverted."
  }

  assert {
    condition     = output.connection_identifiers == run.users_are_redirected_to_a_region_and_have_a_standby.connection_identifiers
    error_message = "A drill must not change the associations."
  }
}

run "the_standbys_are_planned_without_the_list_of_the_primary_region" {
  variables {
    primaries = { ana = "ws-0primary1", bo = "ws-0primary2" }
  }

  assert {
    condition     = output.standbys == run.users_are_redirected_to_a_region_and_have_a_standby.standbys
    error_message = "A list from a file must result in the same standbys."
  }
}
