"""Anteroom's features, one package a floor; the order of the floors is in pyproject.toml."""
