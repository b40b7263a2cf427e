"""The staff's desk: the list, the customer page with its sockets, search and palette; no models."""
