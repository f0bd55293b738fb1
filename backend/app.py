"""Anteroom's API: registers each feature's doors and workers, and nothing else."""

from chalice.app import Chalice

from chalicelib.accounts.routes import blueprints as accounts
from chalicelib.booking.routes import blueprint as booking
from chalicelib.documents.routes import blueprints as documents
from chalicelib.doors.routes import blueprint as doors
from chalicelib.intake.routes.completeness import blueprint as completeness
from chalicelib.intake.routes.judging import blueprint as judging
from chalicelib.intake.routes.questionnaires import blueprint as questionnaires
from chalicelib.intake.routes.responses import blueprint as responses
from chalicelib.kit import logs
from chalicelib.notices.workers import blueprint as notices

app = Chalice(app_name="anteroom", configure_logs=False)  # it would add an outlet of its own, and say everything twice
logs.begin()

for blueprint in (doors, *accounts, booking, *documents, questionnaires, responses, completeness, judging, notices):
    app.register_blueprint(blueprint)
