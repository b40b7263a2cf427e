"""The member's own page by signed link, and the pages of the programme for staff; no models."""
