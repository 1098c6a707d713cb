variable "primary_region" {
  description = "The Region of the primary WorkSpaces."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.primary_region))
    error_message = "The value must be a Region such as us-east-1."
  }
}

variable "primary_directory_id" {
  description = "The directory of the primary WorkSpaces. Call the module once for each directory."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(d-[0-9a-f]{8,63}|wsd-[0-9a-z]{8,63})$", var.primary_directory_id))
    error_message = "The value must be a directory ID such as d-90670a1b2c."
  }
}

variable "region" {
  description = "The Region of the standbys."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "The value must be a Region such as us-west-2."
  }
}

variable "directory_id" {
  description = "The directory of the standbys, with the same user names as the directory of the primary WorkSpaces."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(d-[0-9a-f]{8,63}|wsd-[0-9a-z]{8,63})$", var.directory_id))
    error_message = "The value must be a directory ID such as d-92670a1b2c."
  }
}

variable "primaries" {
  description = "The IDs of the primary WorkSpaces by user. If null, they are read from the primary Region, and plans fail while that Region is down."
  type        = map(string)
  default     = null

  validation {
    condition     = var.primaries == null ? true : alltrue([for id in var.primaries : can(regex("^ws-[0-9a-z]{8,63}$", id))])
    error_message = "Each value must be a WorkSpace ID such as ws-0a1b2c3d4."
  }
}

variable "user_names" {
  description = "Only the primary WorkSpaces of these users. If null, those of all users."
  type        = set(string)
  default     = null
}

variable "primary_tags" {
  description = "Only primary WorkSpaces that have all of these tags."
  type        = map(string)
  default     = null
}

variable "excluded_users" {
  description = "Users that need no standby. The checks do not report them."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "data_replication" {
  description = "PRIMARY_AS_SOURCE replicates the data of the primary WorkSpaces, and AWS charges for it. NO_REPLICATION does not."
  type        = string
  default     = "NO_REPLICATION"
  nullable    = false

  validation {
    condition     = contains(["NO_REPLICATION", "PRIMARY_AS_SOURCE"], var.data_replication)
    error_message = "The value must be NO_REPLICATION or PRIMARY_AS_SOURCE."
  }
}

variable "volume_encryption_key" {
  description = "The ARN of the KMS key in the Region of the standbys that encrypts their volumes."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the standbys."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "adopt_existing" {
  description = "Whether to take over standbys that exist in the directory, instead of failing."
  type        = bool
  default     = false
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

variable "timeouts" {
  description = "Timeouts such as 90m. read is the timeout of the wait for all standbys. If null, the defaults of the provider apply."
  type = object({
    create = optional(string)
    update = optional(string)
    delete = optional(string)
    read   = optional(string)
  })
  default  = {}
  nullable = false
}
