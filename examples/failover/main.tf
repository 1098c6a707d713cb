# The directories are registered elsewhere. A plan fails here if one of them is not.
data "aws_workspaces_directory" "primary" {
  region       = var.primary.region
  directory_id = var.primary.directory_id
}

data "aws_workspaces_directory" "standby" {
  region       = var.standby.region
  directory_id = var.standby.directory_id
}

# A standby for each primary WorkSpace that can have one. The checks of the module report who has none, and whose
# snapshots are too old.
module "fleet" {
  source = "../modules/fleet"

  # Not from the data source: the fleet can be planned while the primary Region is down.
  primary_region       = var.primary.region
  primary_directory_id = var.primary.directory_id
  region               = var.standby.region
  directory_id         = var.standby.directory_id
  primaries            = var.primaries
  excluded_users       = var.excluded_users
  data_replication     = var.data_replication
  wait_for_ready       = var.wait_for_ready
  stale_after          = var.stale_after
}
