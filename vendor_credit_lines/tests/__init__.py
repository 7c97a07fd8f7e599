from . import test_pot
from . import test_programme
from . import test_grant
from . import test_run
from . import test_trigger
from . import test_hint
from . import test_financing
from . import test_sponsor
