from . import test_card_authorized
from . import test_delivery_roads
from . import test_demo_cash_desk
from . import test_follow_up_sms
from . import test_payment_on_account
from . import test_rule_of_an_addon
from . import test_till_roads
