"""What patients send: asked for, sent, made anew, looked at, kept and forgotten."""
