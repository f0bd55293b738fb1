"""Forms that a patient fills once, before the visit, on whatever they have at hand."""
