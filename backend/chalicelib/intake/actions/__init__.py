"""What is done with forms and with answers to them."""
