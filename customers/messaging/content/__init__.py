"""How messages are written: texts with variables, the safe template language, the layout of mail, MIME."""
