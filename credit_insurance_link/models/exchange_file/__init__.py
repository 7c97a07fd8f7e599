from . import credit_insurance_mapping
from . import credit_insurance_import
from . import credit_insurance_import_row
from . import credit_insurance_import_words
from . import credit_insurance_import_read
from . import credit_insurance_import_match
from . import credit_insurance_import_apply
from . import credit_cover_dispatch
