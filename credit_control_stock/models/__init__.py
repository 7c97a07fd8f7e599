from . import credit_measure
from . import credit_policy
from . import sale_order
from . import sale_order_line
from . import stock_move
from . import stock_move_line
from . import stock_picking
from . import stock_picking_reservation
