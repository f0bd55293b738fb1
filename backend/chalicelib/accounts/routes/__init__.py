"""The doors of accounts, a blueprint a subject."""

from chalicelib.accounts.routes import codes, patients, roles, sessions, staff_sessions, trail

blueprints = (codes.blueprint, staff_sessions.blueprint, sessions.blueprint, patients.blueprint, roles.blueprint, trail.blueprint)
