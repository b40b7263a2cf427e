"""Who may be leaving, by his own rhythm, with the reason in words."""
