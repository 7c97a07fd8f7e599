# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True, slots=True)
class SkipBranch:
    """Whom a reason keeps out of a follow-up run.

    :ivar SQL query: SELECT of partner_id (commercial partner), move_line_id (NULL: all
        items of the debtor), until (date or NULL) and res_id (record behind it or NULL),
        in this order
    :ivar str model: model of res_id, or an empty string
    :ivar bool pauses: a plan may start again at its first step when this has ended
    """

    query: SQL
    model: str = ""
    pauses: bool = False
