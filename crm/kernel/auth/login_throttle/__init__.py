"""What must be counted although the broker is away: wrong passwords and codes."""
