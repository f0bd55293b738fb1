"""The doors of documents, a blueprint a subject."""

from chalicelib.documents.routes import files, visits

blueprints = (visits.blueprint, files.blueprint)
