"""Who the customers are: identity, contact, dates, facts, timeline, tasks."""
