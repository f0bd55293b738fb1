"""Knows who works when, and what is already claimed of that time (FHIR Schedule)."""
