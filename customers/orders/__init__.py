"""What customers bought: products, orders, lines, refunds, and the summary per customer."""
