output "standbys" {
  description = "The standbys by user. The attributes do not change by themselves: states and snapshot times are in the data source aws_workspaces_standbys."
  value = {
    for user, standby in aws_workspaces_standby.user : user => {
      id                   = standby.id
      primary_workspace_id = standby.primary_workspace_id
      region               = standby.region
      directory_id         = standby.directory_id
      data_replication     = standby.data_replication
      computer_name        = try(local.found[standby.id].computer_name, standby.computer_name)
      ip_address           = try(local.found[standby.id].ip_address, standby.ip_address)
    }
  }
}

output "primaries" {
  description = "The IDs of the primary WorkSpaces by user. Keep them in a file: as the variable primaries, they replace the call to the primary Region during an outage."
  value       = tomap({ for user, standby in aws_workspaces_standby.user : user => standby.primary_workspace_id })
}

output "ids" {
  description = "The WorkSpace IDs of the standbys, sorted."
  value       = sort(values(aws_workspaces_standby.user)[*].id)
}

output "uncovered" {
  description = "The users without a usable standby, with the reason for each. Failed standbys are in it if wait_for_ready is false."
  value       = local.uncovered
}

output "stale" {
  description = "The users whose last recovery snapshot is missing or older than stale_after."
  value       = tolist(local.stale)
}
