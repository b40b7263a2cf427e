"""What the SQL of upper apps may read of customers: relations with named columns, to stand in a FROM."""

# Customers of today: neither archived nor merged into another. A birthday has no year where none was given.
CURRENT_CUSTOMERS = """(
  SELECT id, time_zone, birth_month, birth_day, birthday_calendar, birthday_leap_month
  FROM customers_customer WHERE archived_at IS NULL AND merged_into_id IS NULL)"""
