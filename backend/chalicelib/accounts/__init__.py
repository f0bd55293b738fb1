"""Lets patients sign in with a mailed code and sign out again."""
