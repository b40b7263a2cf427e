"""Questions to customers by personal link or by phone, and the scores of their answers."""
