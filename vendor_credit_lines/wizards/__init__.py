from . import credit_programme_fallback
from . import credit_programme_review
