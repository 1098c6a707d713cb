# By ID, in the Region of the provider
terraform import aws_workspaces_standby.ana ws-0f1e2d3c4

# In another Region: also set region = "eu-west-1" in the resource
terraform import aws_workspaces_standby.ana ws-0f1e2d3c4@eu-west-1
