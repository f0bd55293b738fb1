"""What the portals do for a clinic: render every page in every language, and publish what changed."""

from chalicelib.portals.actions.pages import layout
from chalicelib.portals.actions.publishing import Edge, languages, publish_portals
from chalicelib.portals.actions.rendering import printed, render
from chalicelib.portals.actions.stored import publish_stored

__all__ = ["Edge", "languages", "layout", "printed", "publish_portals", "publish_stored", "render"]
