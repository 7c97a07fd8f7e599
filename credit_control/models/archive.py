# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files of several documents in one: plain Python."""

import io
import re
import zipfile

LONGEST = 80  # characters of a name: some systems refuse long paths


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
    """A file name from any text, with nothing that leaves its folder."""
    return re.sub(r"[^\w .()-]+", "_", text or "").strip(" .")[:LONGEST] or "file"
