"""One file for each kind of cause; none knows another."""
