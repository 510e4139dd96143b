"""What is asked: the principal, the action, the resource and the request's context."""
