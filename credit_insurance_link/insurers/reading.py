# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading and judging answers: sizes, encodings, JSON, statuses."""

import json
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlencode

import requests
import urllib3

from . import errors

PIECE = 65536
LONGEST_MESSAGE = 500


def full_url(call):
    """Return the address with its parameters, for the log."""
    return f"{call.url}?{urlencode(call.params)}" if call.params else call.url


def read_bytes(response, max_bytes, limit):
    """Read an answer piece by piece, no more than allowed and no longer than allowed."""
    pieces, size = [], 0
    for piece in response.iter_content(PIECE):
        size += len(piece)
        if size > max_bytes:
            raise requests.exceptions.InvalidJSONError("the answer is too large")
        if time.monotonic() > limit:
            raise requests.exceptions.ReadTimeout("the answer takes too long")
        pieces.append(piece)
    return b"".join(pieces)


def to_unreachable(call, error):
    """Turn an error of the transport into ours, and tell whether it may have arrived."""
    maybe = not call.may_repeat and not is_before_sending(error)
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return errors.Garbled(str(error), is_maybe_done=maybe)
    if isinstance(error, requests.exceptions.Timeout):
        return errors.Unreachable("no answer in time", is_maybe_done=maybe)
    if isinstance(
        error,
        requests.exceptions.ChunkedEncodingError
        | requests.exceptions.ContentDecodingError,
    ):
        return errors.Garbled("the answer broke off", is_maybe_done=maybe)
    return errors.Unreachable("no connection", is_maybe_done=maybe)


def is_before_sending(error):
    """Whether the connection was never made, so that nothing can have arrived."""
    if isinstance(
        error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError
    ):
        return True
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(cause, urllib3.exceptions.NewConnectionError)


def to_text(call, response, raw):
    """Decode an answer; what is not UTF-8 is tried in the encoding it declares."""
    for encoding in ("utf-8-sig", response.encoding or "cp1252"):
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise errors.Garbled(
        "the answer is in an unknown encoding",
        status=response.status_code,
        is_maybe_done=not call.may_repeat,
    )


def to_data(call, status, text):
    """Parse an answer; amounts stay exact. Only a failure may be something else."""
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        if status >= HTTPStatus.BAD_REQUEST:
            return None
        raise errors.Garbled(
            "the answer is not JSON", status=status, is_maybe_done=not call.may_repeat
        ) from error


def judge_status(call, reply):
    """Raise unless the status is 2xx. Dialects call this, then look at the body."""
    status, message = reply.status, get_message(reply)
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        # Turned away at the door: it was not worked on.
        raise errors.Busy(message, status=status, retry_after=get_retry_after(reply))
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= 500:
        raise errors.Busy(
            message,
            status=status,
            retry_after=get_retry_after(reply),
            is_maybe_done=not call.may_repeat,
        )
    raise _get_refusal(call, status)(message, status=status)


def _get_refusal(call, status):
    """Which error a 3xx or 4xx is."""
    if status < HTTPStatus.BAD_REQUEST:
        return errors.WrongRoute
    if status == HTTPStatus.NOT_FOUND:
        return errors.WrongRoute if call.is_login else errors.NotFound
    if status == HTTPStatus.UNAUTHORIZED:
        return errors.Unauthorized
    # Whatever else a login is refused with: it is never sent again by itself.
    return errors.BadCredentials if call.is_login else errors.Refused


def get_retry_after(reply):
    """Seconds that the party asks us to wait (a number or a date), None when not told."""
    told = reply.headers.get("retry-after", "").strip()
    if not told:
        return None
    if told.isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def get_message(reply):
    """The party's own words of what is wrong, else the status in words."""
    words = list(_find_words(reply.data)) if reply.data else []
    if words:
        return "; ".join(dict.fromkeys(words))[:LONGEST_MESSAGE]
    try:
        return f"{reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        return str(reply.status)


def _find_words(data):
    """Yield the texts under the names that parties use for messages.

    Atradius: errors[].detail, faultstring [B]; Coface: code, message [A]; recherche-
    entreprises: erreur [A].
    """
    if isinstance(data, list):
        for item in data:
            yield from _find_words(item)
    elif isinstance(data, dict):
        for name in ("detail", "faultstring", "message", "erreur", "response"):
            if isinstance(data.get(name), str) and data[name]:
                yield data[name]
        for name in ("errors", "error", "fault"):
            if isinstance(data.get(name), dict | list):
                yield from _find_words(data[name])
