import {
  to       = aws_workspaces_standby.ana
  provider = aws-workspaces
  identity = {
    id     = "ws-0f1e2d3c4"
    region = "us-west-2"
  }
}
