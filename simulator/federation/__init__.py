"""Who comes from outside: tokens of OpenID Connect providers, assertions of SAML providers."""
