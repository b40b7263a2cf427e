"""The project package: settings, the way in, and what ties the four apps together."""
