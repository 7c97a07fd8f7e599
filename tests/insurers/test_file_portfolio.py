# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Insurers' portfolios: columns proposed, rows read, differences found."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from insurance_link.files import columns, portfolio, snapshot

HEADER = (
    "N° de police",
    "N° EASY",
    "SIREN",
    "Raison sociale",
    "Montant demandé",
    "Montant accordé",
    "Date de décision",
    "Statut",
)


def mapping(header=HEADER, **values):
    proposed = columns.propose(header)
    named = {columns.plain(header[index]): name for index, name in proposed.items()}
    return portfolio.Mapping(columns=named, buyer_id_length=14, **values)


def line(**values):
    row = {
        "policy": "012345",
        "easy": "00000341003327",
        "siren": "552008443",
        "name": "Plume SA",
        "asked": "50 000",
        "granted": "30 000,00",
        "day": "12/03/2026",
        "status": "Accord partiel",
    }
    return list((row | values).values())


def read(*lines, header=HEADER, **values):
    rows = [(1, header), *enumerate(lines, start=2)]
    return portfolio.read(rows, mapping(header, **values))


def codes(row):
    return [(problem.field, problem.code) for problem in row.problems]


def test_columns_are_proposed_from_french_and_english_headings():
    assert columns.propose(HEADER) == {
        0: "policy_number",
        1: "buyer_id",
        2: "national_id",
        3: "name",
        4: "amount_requested",
        5: "amount",
        6: "decided_at",
        7: "outcome",
    }
    english = ["Policy Number", "BUYER ID", "Granted amount", "Expiry date", None]
    assert columns.propose(english) == {
        0: "policy_number",
        1: "buyer_id",
        2: "amount",
        3: "expires_on",
    }


def test_a_bare_amount_is_never_proposed_as_granted():
    assert columns.propose(["Montant", "Amount", "Encours"]) == {}


def test_two_columns_of_one_meaning_are_left_to_a_person():
    assert columns.propose(["Montant accordé", "Agrément"]) == {}


def test_what_a_file_cannot_do_without():
    assert columns.missing(["name", "amount"]) == ()
    assert columns.missing(["country", "amount_requested"]) == ("buyer", "amount")


def test_a_row_is_read():
    (row,) = read(line())
    assert codes(row) == []
    assert row.buyer_id == "00000341003327"
    assert row.amount == Decimal("30000.00")
    assert row.amount_requested == 50000
    assert row.outcome == "partial"
    assert row.decided_at == date(2026, 3, 12)
    assert row.policy_number == "012345"


def test_p12_a_word_that_is_missing_grants_nothing():
    for status in ("", " ", None):
        (row,) = read(line(status=status))
        assert row.outcome == "unknown"
        assert codes(row) == [("outcome", "untold")]


def test_characters_that_were_lost_are_told_at_their_cell():
    good, bad = read(line(), line(easy="1", name="No\N{REPLACEMENT CHARACTER}lla"))
    assert codes(good) == []
    assert codes(bad) == [("name", "characters")]
    (word,) = read(line(status="R\N{REPLACEMENT CHARACTER}duction"))
    assert codes(word) == [("outcome", "characters")], "told once"
    assert word.outcome == "unknown"


def test_p12_an_unknown_word_grants_nothing():
    (row,) = read(line(status="Sans objet"))
    assert row.outcome == "unknown"
    assert codes(row) == [("outcome", "unknown")]


def test_p12_what_was_asked_is_not_what_was_granted():
    (row,) = read(line(granted="", status="Accord"))
    assert row.amount is None
    assert codes(row) == [("amount", "empty")]


def test_a_refusal_is_zero_whatever_the_amount_says():
    (row,) = read(line(granted="30000", status="Refus"))
    assert (row.outcome, row.amount) == ("refused", 0)


def test_words_of_the_mapping_come_first():
    (row,) = read(line(status="Sans objet"), outcomes={"sans objet": "refused"})
    assert (row.outcome, codes(row)) == ("refused", [])


def test_every_trouble_of_a_row_is_told_and_other_rows_are_read():
    bad, good = read(
        line(easy="1,23E+13", siren="552008444", granted="abc", day="31/02/2026"),
        line(),
    )
    assert set(codes(bad)) == {
        ("buyer_id", "mangled"),
        ("national_id", "checksum"),
        ("amount", "number"),
        ("decided_at", "date"),
    }
    assert good.problems == ()


def test_the_kind_of_a_number_is_not_guessed_from_its_length():
    siret = "55200844300017"
    (row,) = read(line(siren=siret))
    assert codes(row) == [("national_id", "length")]


def test_the_same_cover_twice_is_told_on_both_rows():
    rows = read(line(), line(granted="10 000"))
    assert [codes(row) for row in rows] == [[("buyer_id", "double")]] * 2


def test_a_row_that_names_nobody():
    (row,) = read(line(easy="", siren="", name=""))
    assert ("buyer_id", "nobody") in codes(row)


def test_columns_of_their_own_make_layers():
    header = [*HEADER, "CAP", "Fin CAP", "Temporaire", "Début temporaire"]
    rows = read([*line(), "10 000", "31/12/2026", "0", ""], header=header)
    assert [(row.layer, row.amount) for row in rows] == [
        ("primary", 30000),
        ("topup", 10000),
    ]
    assert rows[1].expires_on == date(2026, 12, 31)
    assert rows[0].key != rows[1].key


def test_a_short_line_is_read_as_far_as_it_goes():
    (row,) = read(line()[:4])
    assert ("outcome", "untold") in codes(row)


def test_headings_that_a_file_lacks():
    found, lacks = portfolio.find(HEADER[:2], mapping())
    assert found == {"policy_number": 0, "buyer_id": 1}
    assert "siren" in lacks


def test_the_fingerprint_knows_substance_only():
    (row,) = read(line())
    assert replace(row, number=99).fingerprint == row.fingerprint
    assert replace(row, amount=Decimal("30000")).fingerprint == row.fingerprint
    assert replace(row, amount=Decimal("30001")).fingerprint != row.fingerprint


def test_snapshots_are_compared():
    before = {"a": "1", "b": "1", "c": "1"}
    difference = snapshot.compare(before, {"a": "1", "b": "2", "d": "1"})
    assert difference.states == {
        "a": "unchanged",
        "b": "changed",
        "c": "disappeared",
        "d": "new",
    }
    assert snapshot.gone_percent(before, difference) == 34
    assert snapshot.gone_percent({}, difference) == 0
