"""Says who is asking and what they may do: actors, roles, permissions and sessions."""
