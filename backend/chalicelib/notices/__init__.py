"""The post office: what must be told is written with the change itself, and sent at least once."""
