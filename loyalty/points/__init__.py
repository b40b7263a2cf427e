"""The points ledger: rules that earn, accounts, lots, entries and their allocations."""
