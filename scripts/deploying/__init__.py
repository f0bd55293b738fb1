"""From a checkout to a running stage: what scripts/deploy.py does, the same steps on AWS and on the local cloud."""
