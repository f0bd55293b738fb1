"""The local run: what stands in for AWS on one machine. Nothing of it ships."""
