"""Files that come in and go out: attachments, cells of CSV."""
