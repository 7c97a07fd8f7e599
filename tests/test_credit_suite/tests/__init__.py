from . import test_payment_on_account
