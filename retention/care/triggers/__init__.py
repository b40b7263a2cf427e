"""The kinds of occasions to which a programme reacts: one module each, found by its being here."""
