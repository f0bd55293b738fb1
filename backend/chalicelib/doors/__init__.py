"""Guards every door: reads the request, checks session, permission and clinic, and renders one answer."""
