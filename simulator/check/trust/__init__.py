"""Rules about whom a policy admits: principals, MFA, identity providers, third parties."""
