from . import credit_insurer
from . import credit_identifier
from . import credit_insurance_policy
from . import credit_insurer_buyer
from . import credit_cover_request
from . import credit_cover_decision
from . import credit_cover_layer
