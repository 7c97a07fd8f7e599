from . import common
from . import test_delivery
from . import test_delivery_remembered
from . import test_remainder
from . import test_reservation
from . import test_tours
from . import test_invoice_days
from . import test_legal_file
