from . import test_identifier
from . import test_cover_ingest
from . import test_cover_follow
from . import test_cover_request
from . import test_confidentiality
from . import test_duty
from . import test_claim
from . import test_factor
