"""Real data that lie beside the project, in `shared/data/` of a folder above it; tests of them are skipped elsewhere."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PLACES = [above / "shared" / "data" / "superstore.csv" for above in PROJECT.parents]
SUPERSTORE = next((place for place in PLACES if place.is_file()), PLACES[0])
MAIL_SAMPLES = SUPERSTORE.parent / "mail"
needs_superstore = pytest.mark.skipif(not SUPERSTORE.is_file(), reason="the shared data are not here")
needs_mail_samples = pytest.mark.skipif(not MAIL_SAMPLES.is_dir(), reason="the shared data are not here")
