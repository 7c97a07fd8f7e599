from . import test_identifier
from . import test_cover_ingest
from . import test_cover_follow
from . import test_cover_request
from . import test_confidentiality
