"""The public sign-up form: whoever wants news and offers says so, and confirms it by a link in a mail."""
