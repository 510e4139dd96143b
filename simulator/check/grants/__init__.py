"""Rules about what statements grant, and which of them do nothing."""
