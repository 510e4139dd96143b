"""What AWS has denied, read from what it left behind: an error, an event, a decoded message."""
