output "primaries" {
  description = "The IDs of the primary WorkSpaces by user. Keep them in a file: they are needed to plan during an outage."
  value       = module.fleet.primaries
}

output "standbys" {
  description = "The standbys by user."
  value       = module.fleet.standbys
}

output "uncovered" {
  description = "The users without a usable standby, with the reason for each. Failed standbys are in it if wait_for_ready is false."
  value       = module.fleet.uncovered
}

output "connection_identifiers" {
  description = "The values of the TXT records."
  value = {
    primary = aws_workspaces_connection_alias_association.primary.connection_identifier
    standby = aws_workspaces_connection_alias_association.standby.connection_identifier
  }
}
