data "aws_workspaces_primaries" "directory" {
  provider = aws-workspaces
  count    = var.primaries == null ? 1 : 0

  region       = var.primary_region
  directory_id = var.primary_directory_id
  user_names   = var.user_names
  tags         = var.primary_tags
}

locals {
  listed  = flatten(data.aws_workspaces_primaries.directory[*].primaries)
  by_user = var.primaries == null ? one(data.aws_workspaces_primaries.directory[*].by_user) : var.primaries

  # A standby that this configuration created is in var.region, so its primary stays in the fleet.
  elsewhere = {
    for primary in local.listed : primary.id => primary.standby_region
    if primary.has_standby && coalesce(primary.standby_region, var.region) != var.region
  }

  fleet = {
    for user, id in local.by_user : user => id
    if !contains(var.excluded_users, user) && !contains(keys(local.elsewhere), id)
  }
}

# Each resource waits only until AWS has returned the ID. The data source below waits for all standbys.
resource "aws_workspaces_standby" "user" {
  provider = aws-workspaces
  for_each = local.fleet

  primary_workspace_id  = each.value
  primary_region        = var.primary_region
  region                = var.region
  directory_id          = var.directory_id
  data_replication      = var.data_replication
  volume_encryption_key = var.volume_encryption_key
  tags                  = var.tags
  adopt_existing        = var.adopt_existing
  wait_for_ready        = false

  timeouts {
    create = var.timeouts.create
    update = var.timeouts.update
    delete = var.timeouts.delete
  }
}

data "aws_workspaces_standbys" "directory" {
  provider   = aws-workspaces
  depends_on = [aws_workspaces_standby.user]

  region         = var.region
  directory_id   = var.directory_id
  primary_region = var.primary_region
  wait_for_ready = var.wait_for_ready
  stale_after    = var.stale_after

  timeouts {
    read = var.timeouts.read
  }
}
