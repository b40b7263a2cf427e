"""Tools of those who build the product: nobody imports them, and of these only `demo` is in the image."""
