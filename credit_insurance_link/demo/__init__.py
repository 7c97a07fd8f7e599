from . import credit_duty_demo
from . import credit_cover_demo
from . import credit_portfolio_demo
