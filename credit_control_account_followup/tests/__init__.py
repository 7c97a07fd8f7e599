from . import test_followup_levels
from . import test_followup_status
