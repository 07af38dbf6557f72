"""The coordinator's pages: teams, people, invitations and devices."""
