"""What crosses the wire about forms and answers to them."""
