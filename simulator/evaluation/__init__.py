"""One request through all layers of policies: which apply, what each says, what follows."""
