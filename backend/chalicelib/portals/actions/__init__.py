"""What the portals do for a clinic: render every page in every language, and publish what changed."""

from chalicelib.portals.actions.publishing import publish_portals, render

__all__ = ["publish_portals", "render"]
