# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError


class CreditHoldError(UserError):
    """A document does not fit on the credit lines of its debtor.

    The web client picks its dialog by the name of this class and reads the
    explanation from ``context``; other callers read the same facts in words.
    """

    def __init__(self, message, explanations=()):
        """:param str message: reasons and ways out, in the caller's language
        :param list explanations: one plain dictionary per held document, worst first
        """
        super().__init__(message)
        self.context = {
            "credit": explanations[0] if explanations else False,
            "credit_documents": list(explanations),
        }
