"""Writes down who did what to whose record, inside the very transaction that did it (FHIR AuditEvent)."""
