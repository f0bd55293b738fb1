"""Keeps the visit itself and the checklist of what it needs (FHIR Appointment)."""
