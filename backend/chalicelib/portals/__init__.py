"""Renders a clinic's static portal from its templates and publishes it to the bucket."""
