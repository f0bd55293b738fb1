"""The doors of forms and of answers to them, a blueprint a subject."""

from chalicelib.intake.routes import completeness

blueprints = (completeness.blueprint,)
