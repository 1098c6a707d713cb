# A token of an identity provider, for example of a CI pipeline with OpenID Connect.
provider "aws-workspaces" {
  region = "us-west-2"

  assume_role_with_web_identity {
    role_arn                = "arn:aws:iam::123456789012:role/workspaces-standby-ci"
    session_name            = "pipeline"
    web_identity_token_file = "/var/run/secrets/token"
  }
}
