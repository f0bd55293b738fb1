"""What crosses the wire about documents."""
