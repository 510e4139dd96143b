"""What exists: accounts with their users and roles, and the organization they are in."""
