"""Rules about condition tests that hold for other requests than they seem to."""
