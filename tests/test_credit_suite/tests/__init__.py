from . import test_card_authorized
from . import test_payment_on_account
