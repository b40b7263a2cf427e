"""The embedded mailbox: without a mail server of one's own, mail goes by SMTP to a local one and is read in the browser."""
