"""Keeps who is who: patients, and practitioners with the role they have in each clinic."""
