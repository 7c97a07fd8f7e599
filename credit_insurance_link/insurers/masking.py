# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What may be kept of a call: never a token, key, password or login."""

import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MASK = "•••"
# Parts of the names of what is secret, lower case, without separators.
SECRET_NAMES = (
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "appkey",
    "authorization",
    "credential",
    "username",
    "clientid",
    "cookie",
    "callbackurl",
)
SHORTEST_SECRET = 4
BASIC = re.compile(r"\b(Basic|Bearer)\s+[\w+/=.~-]+", re.IGNORECASE)


def is_secret_name(name):
    """Whether the value under this name is never to be kept."""
    plain = re.sub(r"[^a-z]", "", str(name).lower())
    return any(word in plain for word in SECRET_NAMES)


def mask_value(value):
    """Return JSON-typed values with all that is secret by its name masked."""
    if isinstance(value, dict):
        return {
            key: MASK if is_secret_name(key) and item else mask_value(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [mask_value(item) for item in value]
    return value


def mask_text(text, secrets=()):
    """Return a text without the given secrets and without login headers."""
    for secret in secrets:
        if secret and len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return BASIC.sub(rf"\1 {MASK}", text)


def mask_body(body, secrets=()):
    """Return a body as text that may be kept; JSON is masked by its names too."""
    if not body:
        return ""
    try:
        value = body if isinstance(body, dict | list) else json.loads(body)
    except ValueError:
        return mask_text(str(body), secrets)
    if isinstance(value, str):
        # A bare string: a job id, or a token. Only the former is kept.
        return mask_text(body, secrets)
    return mask_text(json.dumps(mask_value(value), ensure_ascii=False), secrets)


def mask_url(url, secrets=()):
    """Return an address without secret parameters and without a login in it."""
    parts = urlsplit(url)
    query = [
        (name, MASK if is_secret_name(name) else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    host = parts.netloc.rpartition("@")[2]
    clean = parts._replace(netloc=host, query=urlencode(query, safe=MASK))
    return mask_text(urlunsplit(clean), secrets)
