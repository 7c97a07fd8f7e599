from . import credit_programme_fallback
