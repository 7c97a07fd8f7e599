from . import test_remainder
