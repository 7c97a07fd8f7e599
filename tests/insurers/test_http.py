# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The HTTP template against a real server: retries, tokens, locks, masks, breaker."""

import pytest
from insurers import breaker, errors, http
from simulators.base import BROKEN, BUSY, Answer, Fault, Simulator

SECRET = "s3cr3t-key"


class Party(Simulator):
    """Has a login and counts; /count adds one, /echo says what it was sent."""

    token, count = "tok-1", 0

    def answer(self, request):
        if request.path == "/login":
            is_right = request.body == {"apiKey": SECRET}
            return Answer(200, {"token": self.token}) if is_right else Answer(401)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(401, {"message": "token ran out"})
        if request.path == "/count":
            self.count += 1
        return Answer(200, {"count": self.count, "amount": 1})


class Plain(http.Dialect):
    def __init__(self, url, secret=SECRET):
        self.url, self.secret = url, secret

    def login_call(self):
        body = {"apiKey": self.secret}
        return http.Call("POST", f"{self.url}/login", "login", body=body, is_login=True)

    def read_token(self, reply):
        return reply.data["token"], 3600

    def headers(self, token, correlation_id):
        return {"Authorization": f"Bearer {token}", "X-Correlation": correlation_id}


@pytest.fixture
def party():
    with Party() as simulator:
        yield simulator


def channel_to(party, log=None, **dialect):
    channel = http.Channel(
        Plain(party.url, **dialect),
        name="party",
        secrets=(SECRET,),
        on_exchange=log.append if log is not None else None,
        trust_env=False,
    )
    channel.pauses = []
    channel.sleep = channel.pauses.append
    return channel


def get(party, path="/count", **values):
    return http.Call("GET", party.url + path, "count", **values)


def post(party, **values):
    return http.Call("POST", f"{party.url}/count", "count", body={}, **values)


@pytest.mark.parametrize(
    "fault", [Fault("drop"), Fault("half"), Fault("garbage"), BUSY, BROKEN]
)
def test_a_get_is_repeated_after(party, fault):
    party.go_wrong(None, fault, fault)
    channel = channel_to(party)
    assert channel.send(get(party)).data["amount"] == 1
    assert len(party.calls) == 4
    assert len(channel.pauses) == 2


@pytest.mark.parametrize(
    "fault", [Fault("drop"), Fault("lose"), Fault("half"), Fault("garbage"), BROKEN]
)
def test_p12_a_post_is_sent_once_and_may_have_been_done(party, fault):
    party.go_wrong(None, fault)
    with pytest.raises(errors.InsurerError) as caught:
        channel_to(party).send(post(party))
    assert caught.value.is_maybe_done
    assert [call.path for call in party.calls] == ["/login", "/count"]


def test_a_post_turned_away_was_not_done(party):
    party.go_wrong(None, BUSY)
    with pytest.raises(errors.Busy) as caught:
        channel_to(party).send(post(party))
    assert not caught.value.is_maybe_done
    assert party.count == 0


def test_a_search_by_post_may_be_repeated(party):
    party.go_wrong(None, BROKEN)
    assert channel_to(party).send(post(party, is_safe=True)).data["count"] == 1


def test_a_post_that_found_no_server_was_not_done(party):
    party.stop()
    with pytest.raises(errors.Unreachable) as caught:
        channel_to(party).send(post(party))
    assert not caught.value.is_maybe_done


def test_pauses_grow_and_are_capped(party):
    party.go_wrong(None, *[BROKEN] * 4)
    channel = channel_to(party)
    with pytest.raises(errors.Busy):
        channel.send(get(party))
    assert channel.pauses == sorted(channel.pauses)
    assert max(channel.pauses) <= http.LONGEST_WAIT
    assert len(channel.pauses) == http.ATTEMPTS - 1


def test_a_login_that_breaks_is_not_tried_again_for_each_attempt(party):
    party.go_wrong(*[BROKEN] * 99)
    with pytest.raises(errors.Busy):
        channel_to(party).send(get(party))
    assert len(party.calls) == http.ATTEMPTS


def test_the_party_says_how_long_to_wait(party):
    wait = Fault("answer", Answer(429, None, {"Retry-After": "7"}))
    party.go_wrong(None, wait)
    channel = channel_to(party)
    channel.send(get(party))
    assert channel.pauses == [7.0]


def test_a_long_wait_is_left_to_the_next_job(party):
    party.go_wrong(None, Fault("answer", Answer(429, None, {"Retry-After": "3600"})))
    channel = channel_to(party)
    with pytest.raises(errors.Busy) as caught:
        channel.send(get(party))
    assert caught.value.retry_after == 3600
    assert channel.pauses == []


def test_the_correlation_id_is_the_same_across_retries(party):
    log = []
    party.go_wrong(None, BROKEN, Fault("drop"))
    channel_to(party, log).send(get(party))
    sent = {call.headers["x-correlation"] for call in party.calls[1:]}
    assert len(sent) == 1
    assert {entry.correlation_id for entry in log} == sent
    assert [entry.attempt for entry in log[1:]] == [1, 2, 3]


def test_a_token_is_asked_for_once(party):
    channel = channel_to(party)
    for _time in range(3):
        channel.send(get(party))
    assert [call.path for call in party.calls].count("/login") == 1


def test_a_token_that_ran_out_early_is_renewed_once(party):
    channel = channel_to(party)
    channel.send(get(party))
    party.token = "tok-2"
    assert channel.send(post(party)).data["count"] == 2
    party.go_wrong(Fault("answer", Answer(401)), None, Fault("answer", Answer(401)))
    with pytest.raises(errors.BadCredentials):
        channel.send(get(party))


def test_a_refused_login_locks_and_is_never_tried_again(party):
    channel = channel_to(party, secret="wrong-key")
    with pytest.raises(errors.BadCredentials):
        channel.send(get(party))
    for _time in range(3):
        with pytest.raises(errors.BreakerOpen):
            channel.send(get(party))
    assert len(party.calls) == 1
    assert channel.breaker.state == "locked"


def test_the_breaker_opens_probes_and_closes(party):
    channel = channel_to(party)
    now = [1000.0]
    channel.clock = lambda: now[0]
    channel.send(get(party))
    party.go_wrong(*[BROKEN] * breaker.FAILURES)
    for _time in range(breaker.FAILURES):
        with pytest.raises(errors.Busy):
            channel.send(post(party))
    before = len(party.calls)
    with pytest.raises(errors.BreakerOpen):
        channel.send(get(party))
    assert len(party.calls) == before
    now[0] += breaker.FIRST_PAUSE
    assert channel.send(get(party)).data
    assert channel.breaker == breaker.Breaker()


def test_a_probe_that_fails_doubles_the_pause():
    state = breaker.Breaker("half_open", 5, 0.0, 0.0, 60.0, "no answer")
    assert state.failed("no answer", 100.0).retry_at == 220.0
    assert not state.failed("no answer", 100.0).may_call(219.0)


def test_a_refusal_is_no_failure_of_the_line(party):
    refusal = Fault("answer", Answer(422, {"errors": [{"detail": "multiple of 1000"}]}))
    party.go_wrong(None, *[refusal] * 9)
    channel = channel_to(party)
    for _time in range(9):
        with pytest.raises(errors.Refused, match="multiple of 1000"):
            channel.send(post(party))
    assert channel.breaker.state == "closed"


def test_an_answer_that_is_too_large_is_not_read(party):
    party.go_wrong(None, Fault("answer", Answer(200, b"[" + b"1," * 5000 + b"1]")))
    with pytest.raises(errors.Garbled, match="too large"):
        channel_to(party).send(post(party, max_bytes=1000))


def test_credentials_follow_no_redirect(party):
    elsewhere = Answer(302, None, {"Location": f"{party.url}/elsewhere"})
    party.go_wrong(None, Fault("answer", elsewhere))
    with pytest.raises(errors.WrongRoute):
        channel_to(party).send(get(party))
    assert len(party.calls) == 2


def test_amounts_keep_their_cents(party):
    party.go_wrong(None, Fault("answer", Answer(200, b'{"amount": 12000.10}')))
    assert channel_to(party).send(get(party)).data == {"amount": "12000.10"}


def test_no_secret_is_logged(party, caplog):
    log = []
    echo = Answer(200, {"you": SECRET, "password": "hunter2", "at": "Bearer tok-1"})
    party.go_wrong(None, Fault("answer", echo))
    caplog.set_level("INFO")
    call = http.Call("POST", f"{party.url}/count", params={"token": "abc"}, body={})
    channel_to(party, log).send(call)
    kept = repr(log) + caplog.text
    assert len(log) == 2
    for secret in (SECRET, "hunter2", "tok-1", "abc"):
        assert secret not in kept
