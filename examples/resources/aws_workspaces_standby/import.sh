# By the ID of the standby, in the provider's Region
terraform import aws_workspaces_standby.ana ws-0f1e2d3c4

# In another Region. Set region = "eu-west-1" in the resource too
terraform import aws_workspaces_standby.bo ws-0f1e2d3c5@eu-west-1
