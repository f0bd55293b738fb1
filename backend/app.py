"""Anteroom's API: registers each feature's doors and workers, and nothing else."""

from chalice.app import Chalice

from chalicelib.accounts.routes import blueprints as accounts
from chalicelib.booking.routes import blueprint as booking
from chalicelib.doors.routes import blueprint as doors
from chalicelib.kit import logs
from chalicelib.notices.workers import blueprint as notices

app = Chalice(app_name="anteroom")
logs.begin()  # Chalice would leave our own loggers, which hang below its, at ERROR and in its own words

for blueprint in (doors, *accounts, booking, notices):
    app.register_blueprint(blueprint)
