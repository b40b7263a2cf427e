"""The pages on which staff keep a customer's profile."""
