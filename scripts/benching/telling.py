"""What the command, the recording and the fresh interpreters are told: the parts, and a stage's names, keys and secrets."""

from __future__ import annotations

PARTS = ("cold", "operations", "money", "publish", "weights")

STAGE = "bench"
EDGE = "e" * 64  # what CloudFront would show
KEY = "5a" * 32
ENVIRONMENT = {
    "ANTEROOM_STAGE": STAGE,
    "ANTEROOM_KEYS": f"k1:{KEY}",
    "ANTEROOM_EDGE": EDGE,
    "ANTEROOM_PATIENT_ORIGIN": "https://patients.example",
    "ANTEROOM_STAFF_ORIGIN": "https://staff.example",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# As deployed: the environment names the secrets, and the first request fetches them.
AS_DEPLOYED = {name: text for name, text in ENVIRONMENT.items() if name not in ("ANTEROOM_KEYS", "ANTEROOM_EDGE")} | {
    "ANTEROOM_KEYS_SECRET": f"anteroom/{STAGE}/keys",
    "ANTEROOM_EDGE_SECRET": f"anteroom/{STAGE}/edge",
}
