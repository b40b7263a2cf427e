"""What the upper apps plug into the sockets of the lower ones; the one place that fills them."""
