from . import base_partner_merge
from . import credit_hold_release
from . import credit_profile_status
from . import credit_onboarding
from . import credit_onboarding_debtor
from . import credit_onboarding_document
from . import credit_onboarding_work
from . import credit_opening_answer
