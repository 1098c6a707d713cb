import {
  to       = aws_workspaces_standby.ana
  provider = aws-workspaces
  id       = "ws-0f1e2d3c4"
}
