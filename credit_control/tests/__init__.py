from . import test_decision
from . import test_gate
from . import test_hold
