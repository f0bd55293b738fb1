"""The doors of forms and of answers to them."""
