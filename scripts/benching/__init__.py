"""Measures what a cold start, a request, a publishing and a page cost, and works out what a visit costs in money."""
