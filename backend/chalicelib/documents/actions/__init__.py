"""What is done with files: sent, checked, looked at, judged, and forgotten when their time is over."""
