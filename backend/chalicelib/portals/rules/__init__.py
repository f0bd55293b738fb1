"""Pure decisions of the portals: which colours can be read, how opening hours are grouped, what must be translated."""
