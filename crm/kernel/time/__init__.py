"""The one clock, periods of local days, time zones."""
