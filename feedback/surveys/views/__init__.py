"""The staff's pages of surveys: `results` (scores, texts, preview) and `asking` (sending, phone)."""
