"""A form as somebody answered it, on its way out: FHIR's JSON, a sheet, a copy on paper. The same answers give the same bytes."""
