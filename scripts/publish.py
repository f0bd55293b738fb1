"""Publish what changed in the portals: `python3 scripts/publish.py [--data DIR | --stage NAME [--dry-run | --there]]`.

Without a stage it goes into the cloud that `scripts/run.py` has started. With one of infra/stages.json it goes to AWS: pages into the
stage's bucket, languages into the edge's store, and its caches forget what changed. `--there` lets the stage's own worker do that: it
publishes the clinics as the tables hold them, not as app.json does. It can be stopped and started again at any time.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from scripts.publishing import command

if __name__ == "__main__":
    sys.exit(command.main())
