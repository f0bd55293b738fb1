"""Keeping visits, and finding them again."""
