from . import credit_programme_fallback
from . import credit_programme_review
from . import credit_programme_review_dunning
