"""The roof: settings, addresses, the rhythm, and what ties the apps together."""
