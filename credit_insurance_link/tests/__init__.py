from . import test_identifier
from . import test_cover_ingest
