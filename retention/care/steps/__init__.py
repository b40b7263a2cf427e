"""The kinds of steps that a programme can do for a customer: one module each, found by its being here."""
