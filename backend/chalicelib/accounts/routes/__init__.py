"""The doors of accounts, a blueprint a subject."""

from chalicelib.accounts.routes import codes

blueprints = (codes.blueprint,)
