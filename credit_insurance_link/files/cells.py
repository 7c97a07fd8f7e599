# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Read one cell of an insurer's file; what cannot be read is told, never guessed.

Exact amounts (Decimal). What a spreadsheet did to numbers on its way (lost zeros,
exponents, serial days, texts guarded against formulas) is undone where that is
certain and reported where it is not.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

# Every space that people, printers and spreadsheets put between thousands.
SPACES = re.compile("[\\s\u00a0\u2007\u2009\u202f'’]")
CURRENCIES = re.compile("€|\\$|£|EUR|USD|GBP|CHF", re.IGNORECASE)
EXPONENT = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
WRAPPED = re.compile(r'="(.*)"')
CERTAIN = re.compile(r"[\d.,]*([.,])(?:\d{1,2}|\d{4,})")
# A spreadsheet keeps so many digits of a number; further ones become zeros.
EXCEL_DIGITS = 15
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(20_000, 110_000)  # 1954 to 2201: anything else is no serial day
DATES = {
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y"),
    "ymd": ("%Y/%m/%d", "%Y.%m.%d"),
}
ENDLESS_YEAR = 9999


class CellError(ValueError):
    """One cell cannot be read; the argument is a code, not words."""


def text(cell):
    """What a cell says on one line, without the guards against formulas."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    found = " ".join(str(cell).split())
    if wrapped := WRAPPED.fullmatch(found):
        found = wrapped[1]
    return found[1:].strip() if found.startswith("'") else found


def identifier(cell, length=0):
    """A number that names somebody, as text with its leading zeros.

    :param int length: digits that such a number has (EASY 14, SIREN 9); 0: unknown
    :return: str, without spaces; empty for an empty cell
    :raise CellError: "mangled" where a spreadsheet replaced digits by an exponent or
        by zeros, "length" where the number is longer than it can be
    """
    if isinstance(cell, bool | float) and not _is_whole(cell):
        raise CellError("mangled")
    found = re.sub(r"[\s\u00a0\u202f]", "", text(cell)).upper()
    if EXPONENT.fullmatch(found):
        raise CellError("mangled")
    if isinstance(cell, int | float) and len(found) > EXCEL_DIGITS:
        raise CellError("mangled")
    if not length or not found.isdecimal():
        return found
    if len(found) > length:
        raise CellError("length")
    return found.zfill(length)


def _is_whole(cell):
    return isinstance(cell, float) and cell.is_integer()


def amount(cell, decimal=""):
    """An amount of money.

    :param str decimal: what separates decimals in this file, "," or "."; empty: not
        known, then what may mean two things is refused
    :return: Decimal, or None for an empty cell
    :raise CellError: "number", "ambiguous" or "negative"
    """
    if isinstance(cell, bool):
        raise CellError("number")
    if isinstance(cell, int | float):
        # A float prints the shortest digits that mean it: what was typed.
        return _positive(_decimal(repr(cell)))
    found = CURRENCIES.sub("", SPACES.sub("", text(cell)))
    if found in ("", "-"):
        return None
    if found.startswith("(") and found.endswith(")"):
        raise CellError("negative")
    return _positive(_decimal(_join(found, decimal)))


def _join(found, decimal):
    """Digits with a point for decimals and nothing between thousands."""
    marks = {mark for mark in found if mark in ",."}
    if len(marks) == 2:
        last = max(marks, key=found.rindex)
        return _strip(found, "." if last == "," else ",", last)
    if not marks:
        return found
    (mark,) = marks
    if decimal:
        return _strip(found, "." if decimal == "," else ",", decimal)
    if found.count(mark) > 1:
        return _strip(found, mark, "")
    whole, _mark, rest = found.partition(mark)
    if len(rest) == 3 and whole.lstrip("-") not in ("", "0"):
        raise CellError("ambiguous")
    return found.replace(mark, ".")


def _strip(found, thousands, decimal):
    """Take thousands out; they must stand where thousands stand."""
    whole, _mark, rest = found.partition(decimal) if decimal else (found, "", "")
    groups = whole.split(thousands)
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        raise CellError("number")
    return "".join(groups) + (f".{rest}" if rest else "")


def _decimal(found):
    if not PLAIN.fullmatch(found):
        raise CellError("number")
    return Decimal(found)


def _positive(number):
    if number < 0:
        raise CellError("negative")
    return number


def find_decimal(cells):
    """What separates decimals in a column, by the cells that can mean one thing only.

    :return: "," or ".", empty where no cell tells, or where they disagree
    """
    found = set()
    for cell in cells:
        if not isinstance(cell, str):
            continue
        digits = CURRENCIES.sub("", SPACES.sub("", text(cell)))
        if certain := CERTAIN.fullmatch(digits):
            found.add(certain[1])
    return found.pop() if len(found) == 1 else ""


def day(cell, order="dmy"):
    """A date: of a spreadsheet, ISO, written in the order of the file, or serial.

    :param str order: "dmy", "mdy" or "ymd"
    :return: date, or None for an empty cell and for the year 9999 ("no end")
    :raise CellError: with "date"
    """
    if isinstance(cell, bool):
        raise CellError("date")
    found = _read_day(cell, order)
    return None if found and found.year >= ENDLESS_YEAR else found


def _read_day(cell, order):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = text(cell)
    if not found or set(found) <= set("0/-. "):
        return None
    if re.fullmatch(r"\d{5,6}(?:[.,]\d+)?", found):
        return _serial(found)
    # What follows the day is its time.
    found = re.split(r"[T ]", found)[0]
    for form in ("%Y-%m-%d", "%Y%m%d", *DATES[order]):
        try:
            return datetime.strptime(found, form).date()
        except ValueError:
            continue
    raise CellError("date")


def _serial(found):
    days = int(re.split("[.,]", found)[0])
    if days not in EXCEL_DAYS:
        raise CellError("date")
    return EXCEL_EPOCH + timedelta(days=days)


def percent(cell):
    """A percentage: "90", "90 %" and, as spreadsheets keep it, 0.9 are all ninety.

    :return: Decimal between 0 and 100, or None for an empty cell
    :raise CellError: with "percent"
    """
    written = text(cell)
    try:
        number = amount(written.replace("%", ""), "")
    except CellError as error:
        raise CellError("percent") from error
    if number is None:
        return None
    # Cover of one per cent or less exists nowhere: it is a share of one.
    if number <= 1 and "%" not in written:
        number *= 100
    if number > 100:
        raise CellError("percent")
    return number.normalize() if number else number


def days(cell):
    """A number of days ("60", "60 j", "60 jours").

    :return: int, or None for an empty cell
    :raise CellError: with "days"
    """
    found = re.sub(r"\s*(jours?|days?|[jd])\.?$", "", text(cell).lower())
    if not found:
        return None
    if not re.fullmatch(r"\d{1,4}", found):
        raise CellError("days")
    return int(found)
