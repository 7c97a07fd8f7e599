from . import credit_factoring_sell
from . import credit_guarantee_call
from . import credit_insurance_answer
from . import credit_insurance_claim_answer
from . import credit_insurance_duty_close
from . import credit_agency_ask
from . import credit_insurance_import_choose
