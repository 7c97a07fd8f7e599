# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read a spreadsheet that somebody else made: CSV or XLSX, any decimal separator.

Nothing here touches the database; whatever cannot be read is told, never guessed.
"""

import codecs
import csv
import io
import re
import zipfile
from datetime import date, datetime

import openpyxl

BROKEN = "\N{REPLACEMENT CHARACTER}"
MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
SPACES = re.compile(r"[\s\u00a0\u202f'’]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")


class SheetError(ValueError):
    """The file as a whole cannot be read; the argument is a code, not words."""


class CellError(ValueError):
    """One cell cannot be read; the argument is a code, not words."""


def read_sheet(content, name):
    """Read the rows of a file.

    :param bytes content: the file
    :param str name: its name; the ending decides between CSV and XLSX
    :return: list, (row number as people count, list of cells); empty rows left out;
        ``BROKEN`` stands for each character that is lost
    :raise SheetError: with "type", "large", "broken" or "empty"
    """
    if len(content) > MOST_BYTES:
        raise SheetError("large")
    ending = name.lower().rpartition(".")[2]
    readers = {"csv": _read_csv, "txt": _read_csv, "xlsx": _read_xlsx}
    if ending not in readers:
        raise SheetError("type")
    rows = [
        (number, cells)
        for number, cells in enumerate(readers[ending](content), start=1)
        if any(cell not in (None, "") for cell in cells)
    ]
    if len(rows) < 2:
        raise SheetError("empty")
    return rows


def _limited(rows):
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise SheetError("large")
        yield row


def _read_csv(content):
    text = _decode(content)
    head = text.partition("\n")[0]
    delimiter = max(";\t,|", key=head.count)
    try:
        yield from (
            [cell.strip() for cell in row]
            for row in _limited(csv.reader(io.StringIO(text), delimiter=delimiter))
        )
    except csv.Error as error:
        raise SheetError("broken") from error


def _decode(content):
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    text = content.decode("utf-8-sig", "replace")
    broken = text.count(BROKEN)
    if not broken or _count_accents(text) > broken:
        # The rows whose characters were broken on their way are told, one by one.
        return text
    return content.decode("cp1252", "replace")


def _count_accents(text):
    return sum(not char.isascii() and char != BROKEN for char in text)


def _read_xlsx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            # A small file may unpack to one that fills the memory.
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise SheetError("large")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        sheet = book.worksheets[0]
        yield from (list(row) for row in _limited(sheet.iter_rows(values_only=True)))
    except (SheetError, GeneratorExit):
        raise
    except Exception as error:  # openpyxl lets through whatever a bad file provokes
        raise SheetError("broken") from error


def to_text(cell):
    """What a cell says as one line of text; numbers lose a meaningless ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    # Our own export guards texts that a spreadsheet would take for a formula.
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def to_amount(cell, digits=2):
    """Read an amount of money.

    A comma or a point may separate decimals or thousands. Where both readings make
    sense ("1,234") the cell is refused.

    :param cell: a number or text
    :param int digits: decimal places of the currency
    :return: float, the amount, rounded to the currency's smallest unit
    :raise CellError: with "empty", "number", "ambiguous", "negative" or "digits"
    """
    if isinstance(cell, bool):
        raise CellError("number")
    number = cell if isinstance(cell, int | float) else float(_to_number(cell))
    if number != number or number in (float("inf"), float("-inf")):
        raise CellError("number")
    if number < 0:
        raise CellError("negative")
    if abs(round(number, digits) - number) > 10 ** -(digits + 4):
        raise CellError("digits")
    return round(number, digits)


def _to_number(cell):
    text = SPACES.sub("", to_text(cell)).replace("€", "").removesuffix("EUR")
    if not text:
        raise CellError("empty")
    if "," in text and "." in text:
        decimal = "," if text.rindex(",") > text.rindex(".") else "."
        text = text.replace("." if decimal == "," else ",", "")
    separators = [char for char in text if char in ",."]
    if len(separators) > 1:
        text = _join_thousands(text)
    elif separators:
        whole, _separator, decimals = text.partition(separators[0])
        if len(decimals) == 3 and whole.lstrip("-") not in ("", "0"):
            raise CellError("ambiguous")
        text = f"{whole or 0}.{decimals or 0}"
    if not NUMBER.fullmatch(text):
        raise CellError("number")
    return text


def _join_thousands(text):
    if not re.fullmatch(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", text):
        raise CellError("number")
    return re.sub(r"[.,]", "", text)


def to_date(cell, formats=()):
    """Read a date.

    :param cell: a date or text
    :param formats: strptime formats to try first, the reader's own
    :return: a date, or None for an empty cell
    :raise CellError: with "date"
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = to_text(cell)
    if not text:
        return None
    for form in (DATES[0], *formats, *DATES[1:]):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise CellError("date")
