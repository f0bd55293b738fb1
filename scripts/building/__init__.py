"""Makes what goes to AWS: lean packages of hash-locked wheels and our code, the same bytes every time."""
