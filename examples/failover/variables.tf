variable "primary" {
  description = "The primary Region and its directory, which is registered with WorkSpaces."
  type = object({
    region       = string
    directory_id = string
  })
  nullable = false
}

variable "standby" {
  description = "The standby Region and its directory, which is registered with WorkSpaces and has the same user names."
  type = object({
    region       = string
    directory_id = string
  })
  nullable = false

  validation {
    condition     = var.standby.region != var.primary.region
    error_message = "The standby Region must be another Region than the primary Region."
  }
}

variable "connection_string" {
  description = "The domain name that users enter as the registration code. A TXT record of it redirects them to a Region."
  type        = string
  nullable    = false
}

variable "zone_id" {
  description = "The public hosted zone of the domain name in Route 53."
  type        = string
  nullable    = false
}

variable "alarm" {
  description = "The CloudWatch alarm that reports that the primary Region is down. Keep it in another Region than the primary Region."
  type = object({
    name   = string
    region = string
  })
  nullable = false
}

variable "failed_over" {
  description = "Whether to redirect users to the standby Region although the primary Region is healthy, for a drill."
  type        = bool
  default     = false
  nullable    = false
}

variable "primaries" {
  description = "The IDs of the primary WorkSpaces by user, for the time of an outage. If null, they are read from the primary Region."
  type        = map(string)
  default     = null
}

variable "excluded_users" {
  description = "Users that need no standby."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "data_replication" {
  description = "PRIMARY_AS_SOURCE replicates the data of the primary WorkSpaces, and AWS charges for it. NO_REPLICATION does not."
  type        = string
  default     = "NO_REPLICATION"
  nullable    = false
}

variable "wait_for_ready" {
  description = "Whether to wait until all standbys of the directory are AVAILABLE or STOPPED. If true, a failed standby makes each plan fail."
  type        = bool
  default     = true
  nullable    = false
}

variable "stale_after" {
  description = "How old the last recovery snapshot of a standby may be, such as 24h. If null, it is not checked."
  type        = string
  default     = null
}
