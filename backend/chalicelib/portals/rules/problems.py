"""What can be wrong with a portal's sources: each names the thing to mend."""

from __future__ import annotations

from chalicelib.kit.problem import Problem


class Untranslated(Problem):
    """A text has no words in a language that a clinic speaks; `detail` names the text and the language."""

    title = "A text of the portal is not translated yet."


class IconMissing(Problem):
    """app.json or a template names an icon that is not in portal_templates/shell/icons; `detail` names it."""

    title = "The portal has no icon of that name."


class NoClinics(Problem):
    """There is nothing to publish, and what is there must not be taken away for that."""

    title = "The portal has no clinic."
