# An alias with the same connection string in each Region.
resource "aws_workspaces_connection_alias" "primary" {
  region            = var.primary.region
  connection_string = var.connection_string
}

resource "aws_workspaces_connection_alias" "standby" {
  region            = var.standby.region
  connection_string = var.connection_string
}

# Each alias redirects users to the directory of its Region. A destroy removes the association before the alias.
resource "aws_workspaces_connection_alias_association" "primary" {
  provider = aws-workspaces

  region       = var.primary.region
  alias_id     = aws_workspaces_connection_alias.primary.id
  directory_id = data.aws_workspaces_directory.primary.directory_id
}

resource "aws_workspaces_connection_alias_association" "standby" {
  provider = aws-workspaces

  region       = var.standby.region
  alias_id     = aws_workspaces_connection_alias.standby.id
  directory_id = data.aws_workspaces_directory.standby.directory_id
}

# The health check follows the alarm. For a drill it is inverted, which redirects users to the standby Region.
resource "aws_route53_health_check" "primary" {
  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = var.alarm.name
  cloudwatch_alarm_region         = var.alarm.region
  insufficient_data_health_status = "LastKnownStatus"
  invert_healthcheck              = var.failed_over
}

resource "aws_route53_record" "primary" {
  zone_id         = var.zone_id
  name            = var.connection_string
  type            = "TXT"
  ttl             = 60
  records         = [aws_workspaces_connection_alias_association.primary.connection_identifier]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.primary.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}

resource "aws_route53_record" "standby" {
  zone_id        = var.zone_id
  name           = var.connection_string
  type           = "TXT"
  ttl            = 60
  records        = [aws_workspaces_connection_alias_association.standby.connection_identifier]
  set_identifier = "standby"

  failover_routing_policy {
    type = "SECONDARY"
  }
}

# A check that fails is a warning of each plan, not an error.
check "users_can_be_redirected" {
  assert {
    condition = alltrue([
      for association in [
        aws_workspaces_connection_alias_association.primary,
        aws_workspaces_connection_alias_association.standby,
      ] : startswith(association.association_status, "ASSOCIATED_")
    ])
    error_message = "A connection alias is not associated with its directory."
  }
}
