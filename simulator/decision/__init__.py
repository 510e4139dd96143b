"""From what each layer of policies says to one decision, without a look at strings or ARNs."""
