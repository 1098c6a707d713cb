# Credentials and Region from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and
# AWS_REGION. The configuration contains no credentials.
provider "aws-workspaces" {}
