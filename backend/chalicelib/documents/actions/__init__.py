"""What is done with files: so far what the inspector does, who is told of every object and of every scan."""

from chalicelib.documents.actions.checking import arrived, scanned, sweep

__all__ = ["arrived", "scanned", "sweep"]
