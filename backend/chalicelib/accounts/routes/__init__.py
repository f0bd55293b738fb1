"""The doors of accounts, a blueprint a subject."""

from chalicelib.accounts.routes import codes, staff_sessions

blueprints = (codes.blueprint, staff_sessions.blueprint)
