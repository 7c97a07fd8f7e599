# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The gate that is open in a transaction."""

# Entry in the cursor's cache. It lives in the server's memory, where no caller can
# put it (P2).
OPEN_GATE = "credit_control.gate"


class Gate:
    """The documents that one outermost change touches, as they were before it."""

    def __init__(self):
        self.before = {}  # document -> Claim or None

    def watch(self, documents):
        new = documents.filtered(lambda document: document not in self.before)
        # sudo: what is owed does not depend on who looks, nor does the explanation.
        self.before.update(new.sudo()._get_credit_claims())
