"""Says what a clinic is: its brand, zone, languages, rooms, services, hours and limits (FHIR Organization, Location, HealthcareService)."""
