"""What a form is, what may be answered to it, and what follows from the answers."""
