"""Whether AWS would store a policy, and whether the policy means what it seems to mean."""
