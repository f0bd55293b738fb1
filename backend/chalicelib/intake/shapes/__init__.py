"""What crosses the wire of forms and of answers to them."""
