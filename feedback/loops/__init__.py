"""What a bad answer and a solved ticket set in motion: follow-ups and the question afterwards."""
