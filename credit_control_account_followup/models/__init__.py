from . import account_followup_followup_line
from . import account_move_line
from . import credit_dunning_level
from . import credit_dunning_notice
from . import credit_dunning_run
from . import credit_profile
from . import res_company
from . import res_partner
