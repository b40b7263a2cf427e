"""Between the web server and the views: requests, fragments, error pages, limits."""
