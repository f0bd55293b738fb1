"""Rows of forms and of answers to them."""
