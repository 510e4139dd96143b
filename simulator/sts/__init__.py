"""The AssumeRole call as STS carries it out, from its parameters to the session it yields."""
