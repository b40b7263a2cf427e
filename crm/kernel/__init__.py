"""The basement: people and rights, events, jobs, audit, clock, money, lists. It knows no word of the shop."""
