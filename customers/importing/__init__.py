"""Import of customers and orders from files: upload, mapping, dry run, job, report with the rejected rows."""
