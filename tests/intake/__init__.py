"""Forms, their answers, and what is decided of them."""
