"""Finds times that are truly free and books them once."""
