# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The insurer of ./setup/run: knows every company by its SIREN, decides in seconds."""

import json

from .atradius import Atradius
from .base import Answer

PORT = 8479  # demo/credit_insurance_connection_demo.xml names it too
PATIENCE = 8  # seconds from application to decision
FIRST_BUYER = 4001


class DemoInsurer(Atradius):
    """Remembers its covers in a file, so that a restart takes nothing back."""

    def __init__(self, memory, port=PORT, patience=PATIENCE):
        super().__init__(port, patience)
        self.memory = memory
        if memory.exists():
            kept = json.loads(memory.read_text())
            self.buyers = kept["buyers"]
            self.covers = {row["coverId"]: row for row in kept["covers"]}
            self.ticks = kept["ticks"]
            for _number in kept["covers"]:
                next(self.numbers)

    def answer(self, request):
        answer = super().answer(request)
        if request.method != "GET" or "buyers" in request.path:
            self._remember()
        return answer

    def _decide_by_rule(self, row):
        decided = super()._decide_by_rule(row)
        self._remember()
        return decided

    def _remember(self):
        kept = {
            "buyers": self.buyers,
            "covers": list(self.covers.values()),
            "ticks": self.ticks,
        }
        self.memory.write_text(json.dumps(kept))

    def find_buyer(self, query):
        """Whoever is asked for by SIREN exists."""
        found = super().find_buyer(query)
        if found.body["data"] or query.get("uidType") != "SN":
            return found
        number = FIRST_BUYER + len(self.buyers)
        self.add_buyer(number, query["uid"], f"SIREN {query['uid']}")
        return Answer(200, {"data": [self.buyers[str(number)]]})
