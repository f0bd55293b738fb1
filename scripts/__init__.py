"""The commands of the project, one verb a file."""
