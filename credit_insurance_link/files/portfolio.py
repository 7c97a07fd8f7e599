# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An insurer's portfolio export as rows of cover, with what is wrong in each.

One line of the file gives one row per layer of cover that it speaks of. Nothing here
decides: a row with a problem is shown to a person and not applied.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from stdnum.fr import siren, siret

from . import cells, columns, words

LENGTHS = {"siren": 9, "siret": 14, "duns": 9}
CHECKS = {"siren": siren.is_valid, "siret": siret.is_valid}
# The amount that a line grants may stand in columns of its own: layer -> fields.
WIDE = {
    "topup": ("topup_amount", "", "topup_to"),
    "temporary": ("temporary_amount", "temporary_from", "temporary_to"),
}
# These outcomes say "there is cover" and therefore need an amount.
GRANTING = frozenset({"granted", "granted_conditional", "partial", "reduced"})
ENDING = frozenset({"refused", "cancelled", "expired"})
LONGEST = 500
LOST = "\N{REPLACEMENT CHARACTER}"  # stands where a character was lost on the way


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read the files of one insurer or policy.

    ``columns`` heading (as ``columns.plain`` makes it) -> field; ``outcomes`` and
    ``layers`` the insurer's words in the same form -> our codes, beside those that
    everybody knows; ``buyer_id_length`` 14 for Coface's EASY number, 0 where unknown;
    ``national_id_kind`` names the kind of the national numbers, which their length
    never does.
    """

    columns: dict
    policy_number: str = ""
    currency: str = ""
    country: str = ""
    decimal: str = ""
    date_order: str = "dmy"
    buyer_id_length: int = 0
    policy_length: int = 0
    national_id_kind: str = "siren"
    default_layer: str = "primary"
    outcomes: dict = field(default_factory=dict)
    layers: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read: field, code and what stands there."""

    field: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cover of one buyer on one layer, as one line of the file says."""

    number: int
    layer: str = "primary"
    outcome: str = ""
    policy_number: str = ""
    buyer_id: str = ""
    national_id: str = ""
    vat: str = ""
    own_reference: str = ""
    name: str = ""
    country: str = ""
    currency: str = ""
    external_id: str = ""
    amount: Decimal | None = None
    amount_requested: Decimal | None = None
    date_requested: date | None = None
    decided_at: date | None = None
    effective_from: date | None = None
    expires_on: date | None = None
    insured_percent: Decimal | None = None
    max_terms_days: int | None = None
    reasons: str = ""
    conditions: str = ""
    grade: str = ""
    grade_date: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def key(self):
        """What stays the same from one snapshot to the next."""
        buyer = self.buyer_id or self.national_id or self.vat or self.own_reference
        who = buyer or f"name:{columns.plain(self.name)}"
        return "|".join((self.policy_number, who, self.layer, self.external_id))

    @property
    def fingerprint(self):
        """Hash of what the row says; its place in the file does not count."""
        said = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in ("number", "problems")
        }
        plain = json.dumps(said, default=_plain, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def _plain(value):
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat()


def find(header, mapping):
    """Where the columns of a mapping are in a file.

    :param list header: the cells of the first row
    :param Mapping mapping: how the file is read
    :return: tuple, dict field -> index, and the headings that this file lacks
    """
    places = {}
    for index, cell in enumerate(header):
        places.setdefault(columns.plain(cell or ""), index)
    found = {
        name: places[heading]
        for heading, name in mapping.columns.items()
        if heading in places
    }
    lacks = tuple(heading for heading in mapping.columns if heading not in places)
    return found, lacks


def read(rows, mapping):
    """Read a file.

    :param list rows: (number as people count, cells), the headings first
    :param Mapping mapping: how to read it
    :return: list of Row, in the order of the file
    """
    header, *lines = rows
    places, _lacks = find(header[1], mapping)
    decimal = mapping.decimal or _find_decimal(lines, places)
    reader = _Reader(replace(mapping, decimal=decimal), places)
    found = [row for number, line in lines for row in reader.read_line(number, line)]
    return _mark_doubles(found)


def _find_decimal(lines, places):
    fields = ("amount", "amount_requested", "topup_amount", "temporary_amount")
    indexes = [places[name] for name in fields if name in places]
    return cells.find_decimal(
        line[index] for _n, line in lines for index in indexes if index < len(line)
    )


def _mark_doubles(rows):
    """Report every row whose cover another row of the file speaks of too."""
    count = {}
    for row in rows:
        count[row.key] = count.get(row.key, 0) + 1
    double = (Problem("buyer_id", "double"),)
    return [
        replace(row, problems=row.problems + double) if count[row.key] > 1 else row
        for row in rows
    ]


class _Reader:
    """Reads line by line with one mapping."""

    def __init__(self, mapping, places):
        self.mapping = mapping
        self.places = places
        self.outcomes = {**words.table(words.OUTCOMES), **mapping.outcomes}
        self.layers = {**words.table(words.LAYERS), **mapping.layers}

    def read_line(self, number, line):
        """Yield the rows of one line: named cover first, then columns of their own."""
        self.line, self.problems = line, []
        common = self._read_common()
        if self._has_main():
            values = {**common, **self._read_cover()}
            yield Row(number=number, **values, problems=tuple(self.problems))
        shared = [p for p in self.problems if p.field in common]
        for layer, fields in WIDE.items():
            if fields[0] in self.places and self._text(fields[0]) not in ("", "0"):
                self.problems = list(shared)
                values = {**common, **self._read_wide(layer, *fields)}
                yield Row(number=number, **values, problems=tuple(self.problems))

    def _has_main(self):
        wide = {name for fields in WIDE.values() for name in fields if name}
        return bool(set(self.places) & {"amount", "outcome"}) or not (
            wide & set(self.places)
        )

    # === CELLS === #

    def _cell(self, name):
        index = self.places.get(name)
        return (
            self.line[index] if index is not None and index < len(self.line) else None
        )

    def _text(self, name):
        return cells.text(self._cell(name))[:LONGEST]

    def _try(self, name, reader, *options):
        """Read a cell; report what cannot be read and go on."""
        try:
            return reader(self._cell(name), *options)
        except cells.CellError as error:
            self._report(name, error.args[0])
            return None

    def _report(self, name, code):
        told = self._text(name)
        # Lost characters explain whatever else is wrong with the cell: told once.
        problem = Problem(name, "characters" if LOST in told else code, told[:80])
        if problem not in self.problems:
            self.problems.append(problem)

    def _day(self, name):
        return self._try(name, cells.day, self.mapping.date_order) if name else None

    def _amount(self, name):
        return self._try(name, cells.amount, self.mapping.decimal)

    # === PARTS OF A ROW === #

    def _read_common(self):
        mapping = self.mapping
        found = {
            "policy_number": self._identifier("policy_number", mapping.policy_length)
            or mapping.policy_number,
            "buyer_id": self._identifier("buyer_id", mapping.buyer_id_length),
            "national_id": self._read_national_id(),
            "vat": self._identifier("vat", 0),
            "own_reference": self._identifier("own_reference", 0),
            "name": self._text("name"),
            "country": self._text("country") or mapping.country,
            "currency": self._text("currency").upper() or mapping.currency,
            "grade": self._text("grade"),
            "grade_date": self._day("grade_date"),
        }
        if not any(found[name] for name in columns.KEYS):
            self._report("buyer_id", "nobody")
        self._report_lost_characters()
        return found

    def _report_lost_characters(self):
        for name in self.places:
            if LOST in self._text(name):
                self._report(name, "characters")

    def _identifier(self, name, length):
        return self._try(name, cells.identifier, length) or ""

    def _read_national_id(self):
        kind = self.mapping.national_id_kind
        number = self._identifier("national_id", LENGTHS.get(kind, 0))
        check = CHECKS.get(kind)
        if number and check and not check(number):
            self._report("national_id", "checksum")
        return number

    def _read_cover(self):
        layer, outcome = self._read_layer(), self._read_outcome()
        granted = self._amount("amount")
        if not outcome:
            # No column says what was decided: the amount in force does.
            outcome = "granted" if granted else "refused"
        if granted is None and not self._failed("amount") and outcome in GRANTING:
            self._report("amount", "empty")
        if "outcome" not in self.places and granted is None:
            self._report("amount", "empty")
        return {
            "layer": layer,
            "outcome": outcome,
            "amount": Decimal(0) if outcome in ENDING else granted,
            "effective_from": self._day("effective_from"),
            "expires_on": self._day("expires_on"),
            "external_id": self._identifier("external_id", 0),
            "amount_requested": self._amount("amount_requested"),
            "date_requested": self._day("date_requested"),
            "decided_at": self._day("decided_at"),
            "insured_percent": self._try("insured_percent", cells.percent),
            "max_terms_days": self._try("max_terms_days", cells.days),
            "reasons": self._text("reasons"),
            "conditions": self._text("conditions"),
        }

    def _failed(self, name):
        return any(problem.field == name for problem in self.problems)

    def _read_layer(self):
        word = columns.plain(self._text("layer"))
        if not word:
            return self.mapping.default_layer
        if word not in self.layers:
            self._report("layer", "unknown")
        return self.layers.get(word, self.mapping.default_layer)

    def _read_outcome(self):
        """The outcome by the insurer's word; an unknown word is never a grant."""
        if "outcome" not in self.places:
            return ""
        word = columns.plain(self._text("outcome"))
        found = self.outcomes.get(word)
        if not found:
            self._report("outcome", "unknown" if word else "untold")
        return found or "unknown"

    def _read_wide(self, layer, amount, start, end):
        granted = self._amount(amount)
        return {
            "layer": layer,
            "outcome": "granted" if granted else "refused",
            "amount": granted,
            "effective_from": self._day(start),
            "expires_on": self._day(end),
            "decided_at": self._day("decided_at"),
            "insured_percent": self._try("insured_percent", cells.percent),
            "max_terms_days": self._try("max_terms_days", cells.days),
        }
