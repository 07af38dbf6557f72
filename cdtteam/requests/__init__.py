"""A team asks the commune for help, which answers, passes on to the province, closes."""
