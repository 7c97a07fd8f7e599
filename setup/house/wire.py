# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talk to an Odoo server as a person does from outside: XML-RPC, JSON-2, web client."""

import http.cookiejar
import itertools
import json
import urllib.error
import urllib.request
import xmlrpc.client

PATIENCE = 120


class Refused(Exception):
    """The server said no.

    ``text`` is what it said, ``name`` the class of its exception where the protocol
    tells, ``context`` the data that came with it, ``technical`` whether it is an error
    that no user should see.
    """

    def __init__(self, text, name="", context=None, technical=False):
        super().__init__(text)
        self.text = text
        self.name = name
        self.context = context or {}
        self.technical = technical


class _Patient(xmlrpc.client.Transport):
    def make_connection(self, host):
        connection = super().make_connection(host)
        connection.timeout = PATIENCE
        return connection


class Person:
    """One user with one password, on one server."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.database = database
        self.login = login
        self.password = password
        self.uid = self._proxy("common").authenticate(database, login, password, {})
        if not self.uid:
            raise Refused(f"{login} cannot log in", technical=True)
        self._numbers = itertools.count(1)
        self._session = None
        self._key = None

    def _proxy(self, service):
        return xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/{service}", transport=_Patient(), allow_none=True
        )

    def at(self, url):
        """Return the same person on another server of the same database."""
        return Person(url, self.database, self.login, self.password)

    # === XML-RPC === #

    def call(self, model, method, *arguments, **options):
        """Call a method by XML-RPC; a connection of its own, so threads may share us.

        :raise Refused: with the text of the fault
        """
        who = (self.database, self.uid, self.password)
        try:
            return self._proxy("object").execute_kw(
                *who, model, method, arguments, options
            )
        except xmlrpc.client.Fault as fault:
            # 2 and 4 are Odoo's codes for its own warnings and refused access.
            technical = fault.faultCode not in (2, 3, 4)
            raise Refused(fault.faultString, technical=technical) from None

    def read(self, model, record_id, *names):
        """Return the named fields of a record: one value, or several by name."""
        found = self.call(model, "read", [record_id], list(names))[0]
        return found[names[0]] if len(names) == 1 else found

    # === WEB CLIENT === #

    def web(self, model, method, *arguments, **options):
        """Call a method as the web client does, with the cookies of a session."""
        if not self._session:
            self._session = Session(self.url)
            self._session.ask(
                "/web/session/authenticate",
                db=self.database,
                login=self.login,
                password=self.password,
            )
        return self._session.ask(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=arguments,
            kwargs=options,
        )

    # === JSON-2 === #

    def key(self):
        """Return an API key, made as a user makes it in his preferences."""
        if not self._key:
            description = self.web(
                "res.users.apikeys.description",
                "create",
                {"name": "trial", "duration": "1"},
            )
            asked = self.web("res.users.apikeys.description", "make_key", [description])
            shown = self.web(
                asked["res_model"],
                "run_check",
                [asked["res_id"]],
                context={"password": self.password},
            )
            self._key = shown["context"]["default_key"]
        return self._key

    def json2(self, model, method, **arguments):
        """Call a method at ``/json/2`` with an API key.

        :raise Refused: with name and context of the server's exception
        """
        headers = {
            "Authorization": f"bearer {self.key()}",
            "X-Odoo-Database": self.database,
        }
        path = f"{self.url}/json/2/{model}/{method}"
        try:
            return _post(path, arguments, headers)
        except urllib.error.HTTPError as error:
            raise _refusal(json.loads(error.read()), error.code) from None


class Session:
    """What a browser is to the server: an address and cookies; by itself nobody."""

    def __init__(self, url):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def ask(self, path, **params):
        """Post to a JSON-RPC route and return its result.

        :raise Refused: with name and context of the server's exception
        """
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = _post(self.url + path, body, {}, self._opener.open)
        if "error" in answer:
            raise _refusal(answer["error"]["data"], answer["error"].get("code"))
        return answer.get("result")


def _post(address, body, headers, send=urllib.request.urlopen):
    request = urllib.request.Request(
        address,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", **headers},
    )
    with send(request, timeout=PATIENCE) as response:
        return json.loads(response.read())


def _refusal(data, code):
    name = data.get("name", "")
    expected = name.startswith("odoo.") or code in (401, 403, 404, 422)
    return Refused(
        data.get("message", ""), name, data.get("context"), technical=not expected
    )
