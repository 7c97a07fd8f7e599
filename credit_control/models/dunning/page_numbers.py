# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import io

from reportlab.lib.units import mm
from reportlab.pdfgen import canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter


def number_pages(content, name):
    """Write name and number at the foot of each page, where there are several.

    wkhtmltopdf does it only in builds that many distributions do not have.

    :param bytes content: a PDF
    :param str name: what the pages belong to
    :return: bytes
    """
    letter = PdfFileReader(io.BytesIO(content), strict=False)
    count = letter.getNumPages()
    if count < 2:
        return content
    numbers = PdfFileReader(io.BytesIO(_draw_numbers(letter, count, name)))
    writer = PdfFileWriter()
    for number in range(count):
        # Newer readers merge only into pages that belong to a writer.
        writer.addPage(letter.getPage(number))
        writer.getPage(number).mergePage(numbers.getPage(number))
    numbered = io.BytesIO()
    writer.write(numbered)
    return numbered.getvalue()


def _draw_numbers(letter, count, name):
    drawn = io.BytesIO()
    pen = canvas.Canvas(drawn)
    for number in range(count):
        box = letter.getPage(number).mediaBox
        width, height = (float(box.getWidth()), float(box.getHeight()))
        pen.setPageSize((width, height))
        pen.setFont("Helvetica", 8)
        pen.drawRightString(width - 20 * mm, 7 * mm, f"{name}  {number + 1}/{count}")
        pen.showPage()
    pen.save()
    return drawn.getvalue()
