"""cdtteam: household support visits of community digital-technology teams, from the doorstep to the province."""
