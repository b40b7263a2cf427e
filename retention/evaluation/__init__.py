"""What a programme changed: treated against held-out customers."""
