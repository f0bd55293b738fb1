"""Publishes the portals of a deployed stage: pages into its bucket, languages into the edge's store, and what changed is fetched anew."""
