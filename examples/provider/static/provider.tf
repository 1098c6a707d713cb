# Hard-coded credentials end up in version control. Pass them as variables, and prefer the other ways.
variable "access_key" {
  type      = string
  sensitive = true
}

variable "secret_key" {
  type      = string
  sensitive = true
}

provider "aws-workspaces" {
  region     = "us-west-2"
  access_key = var.access_key
  secret_key = var.secret_key
}
