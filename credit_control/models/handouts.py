# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files that are handed out: archives, their names, sheets."""

import csv
import io
import re
import zipfile
from datetime import date

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

LONGEST = 80  # characters of a name: some systems refuse long paths
LONGEST_ENDING = 5
DASHES = str.maketrans("/\\:\n", "----")


def pack(files):
    """Pack files into a ZIP archive; two of one path lie side by side.

    :param files: iterable of (path in the archive, bytes)
    :return: bytes
    """
    stream, seen = io.BytesIO(), {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            number = seen[path] = seen.get(path, 0) + 1
            stem, dot, ending = path.rpartition(".")
            twin = f"{stem} ({number}){dot}{ending}"
            archive.writestr(path if number == 1 else twin, content)
    return stream.getvalue()


def to_name(text):
    """A file name from any text, with nothing that leaves its folder; its ending stays."""
    name = re.sub(r"[^\w .()-]+", "_", (text or "").translate(DASHES)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= LONGEST_ENDING:
        return f"{stem[:LONGEST]}.{ending}"
    return name[:LONGEST] or "file"


def to_csv(rows):
    """Rows as CSV, in which no cell can be taken for a formula.

    Spreadsheets that expect semicolons expect decimal commas too: with a point, an
    amount would be text to them.

    :param rows: iterable of lists of cells
    :return: bytes, UTF-8 with a byte order mark, as spreadsheets expect it
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    for row in rows:
        writer.writerow([_to_decimal_comma(guard(cell)) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _to_decimal_comma(cell):
    if not isinstance(cell, float):
        return cell
    shortest = f"{cell:.6f}".rstrip("0")
    return max(shortest, f"{cell:.2f}", key=len).replace(".", ",")


def guard(cell):
    """Keep a spreadsheet from taking a customer's name for a formula.

    :param cell: a value as records give it; what is not set becomes an empty cell
    """
    if cell is None or cell is False:
        return ""
    if isinstance(cell, int | float | date):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", str(cell))
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
