from . import credit_interest_rate
from . import credit_interest_terms
from . import credit_interest
from . import credit_interest_query
