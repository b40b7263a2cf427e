"""The customer database: people, orders, messages, import, and the one page per customer."""
