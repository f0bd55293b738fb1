"""What the portals do for a clinic: render every page in every language, and publish what changed."""

from chalicelib.portals.actions.pages import layout
from chalicelib.portals.actions.publishing import Edge, languages, publish_portals
from chalicelib.portals.actions.rendering import printed, render

__all__ = ["Edge", "languages", "layout", "printed", "publish_portals", "render"]
