"""The ground floor: tools that know nothing of clinics and may be used from every room."""
