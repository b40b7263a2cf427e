"""The managers' dashboard and the daily count of customers at risk."""
