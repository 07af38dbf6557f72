"""What every request passes: guards, headers, problems, transactions."""
