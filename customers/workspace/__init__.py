"""Where staff work with customers: the list, the customer page with its sockets, search, today; no models."""
