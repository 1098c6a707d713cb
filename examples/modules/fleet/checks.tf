locals {
  # A user can log in to a standby in one of these states, or can after AWS has finished what it does.
  usable = ["AVAILABLE", "STOPPED", "STARTING", "STOPPING", "REBOOTING", "UPDATING", "MAINTENANCE", "ADMIN_MAINTENANCE"]

  found = { for standby in data.aws_workspaces_standbys.directory.standbys : standby.id => standby }
  state = { for user, standby in aws_workspaces_standby.user : user => try(local.found[standby.id].state, standby.state) }

  # One reason for each WorkSpace in the list. A user can have several WorkSpaces in the list.
  reasons = {
    for primary in local.listed : primary.user_name => (
      !primary.eligible ? primary.ineligible_reason :
      contains(keys(local.elsewhere), primary.id) ? "The standby is in ${local.elsewhere[primary.id]}." :
      "The user has several WorkSpaces in the directory."
    )...
  }

  missing = setsubtract(coalesce(var.user_names, []), keys(merge(local.reasons, local.fleet)))

  uncovered = {
    for user, reason in merge(
      { for user, reasons in local.reasons : user => join(" ", distinct(reasons)) if !contains(keys(local.fleet), user) },
      { for user in local.missing : user => "The user has no WorkSpace in the directory." },
      { for user, state in local.state : user => "The standby is ${state}." if !contains(local.usable, state) },
    ) : user => reason if !contains(var.excluded_users, user)
  }

  stale = [
    for user, standby in aws_workspaces_standby.user : user
    if contains(coalesce(data.aws_workspaces_standbys.directory.stale, []), standby.id)
  ]
}

check "everyone_is_covered" {
  assert {
    condition     = length(local.uncovered) == 0
    error_message = "Users without a standby: ${join("; ", [for user, reason in local.uncovered : "${user} (${reason})"])}"
  }
}

check "snapshots_are_fresh" {
  assert {
    condition     = length(local.stale) == 0
    error_message = "Users whose last recovery snapshot is missing or older than ${coalesce(var.stale_after, "0h")}: ${join(", ", local.stale)}."
  }
}
