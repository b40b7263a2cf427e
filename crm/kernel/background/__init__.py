"""Work that nobody waits for: events and their delivery, jobs, the scheduler."""
