"""The staff's pages of surveys: `results` (scores, texts, preview) and `invitations` (sending, phone)."""
