"""The content of messages: templates and their language, the layout of mail, MIME."""
