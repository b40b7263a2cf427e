"""The member's own page by signed link, and the staff's pages of the programme; no models."""
