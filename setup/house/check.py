# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The main job, played for real: people with just their groups, through the interface.

Sophie and Hugo sell, Marc is credit manager, Anna keeps the invoices. They talk to the
server by XML-RPC, as the web client does, and by JSON-2 with an API key.
"""

from concurrent.futures import ThreadPoolExecutor

from .cast import CUSTOMER, Cast, Tale, Untrue
from .wire import Refused

CONFIRM = ("sale.order", "action_confirm")


def play(url, database, house=None):
    """Play the story on a server and tell it.

    :param str url: of a running server
    :param str database: a copy that may be changed
    :return: int, 0 only if every step did what it says
    """
    tale = Tale()
    tale.chapter(f"The main job of credit management, on {url}, database {database}")
    for chapter in CHAPTERS:
        try:
            if chapter is CHAPTERS[0]:
                cast = chapter(tale, url, database)
            else:
                chapter(tale, cast)
        except (Untrue, Refused) as trouble:
            if isinstance(trouble, Refused):
                tale.untrue += 1
                tale.say(f"✗ refused, against the story: {trouble.text.strip()}")
            tale.chapter("The story stops here: this step did not do what it says.")
            return 1
    tale.chapter(f"The story is true: {tale.true} steps did what they say.")
    return 0


def people(tale, url, database):
    tale.chapter("1. A customer gets a stack of credit")
    cast = Cast(url, database)
    tale.say("Sophie and Hugo sell, Marc is credit manager, Anna keeps the invoices.")
    profile = cast.marc.call(
        "credit.profile", "create", [{"partner_id": cast.customer}]
    )[0]
    for kind, amount in (("own", 5000), ("guarantee", 3000)):
        values = {
            "profile_id": profile,
            "kind_id": cast.ref(f"credit_control.credit_line_kind_{kind}"),
            "amount": amount,
            "currency_id": cast.currency[0],
            "state": "active",
        }
        cast.marc.call("credit.line", "create", [values])
    tale.sure(
        cast.room() == 8000,
        f"Marc gives {CUSTOMER} {cast.money(5000)} of own funds and a guarantee of"
        f" {cast.money(3000)}: {cast.money(cast.room())} in all",
    )
    return cast


def quoting(tale, cast):
    tale.chapter("2. Sophie quotes and sees the room left")
    cast.first = cast.quote(cast.sophie, 6000)
    facts = cast.sophie.read("sale.order", cast.first, "credit_preview")
    tale.sure(
        (facts["available"], facts["left"], facts["outcome"]) == (8000, 2000, "pass"),
        f"a quotation over {cast.money(6000)}: room for {cast.money(8000)},"
        f" {cast.money(2000)} left after it",
    )
    for line in facts["stack"]:
        tale.say(
            f"{line['name']}: {cast.money(line['amount'])}, this order uses"
            f" {cast.money(line['this'])}, free {cast.money(line['free'])}"
        )
    tale.sure(
        [line["this"] for line in facts["stack"]] == [3000, 3000],
        "the guarantee is used first, own funds last",
    )


def confirming(tale, cast):
    tale.chapter("3. She confirms within the stack")
    cast.sophie.call(*CONFIRM, [cast.first])
    tale.sure(cast.state(cast.first) == "sale", "the order is confirmed")
    tale.sure(cast.room() == 2000, f"{cast.money(cast.room())} are left for the next")
    answer = cast.sophie.json2(
        "credit.profile", "check", partner_id=cast.customer, amount=3500
    )
    tale.sure(
        (answer["outcome"], answer["uncovered"]) == ("hold", 1500),
        f"a web shop asks by JSON-2 with an API key, may he buy for"
        f" {cast.money(3500)}? No: {cast.money(answer['uncovered'])} too much",
    )


def held(tale, cast):
    tale.chapter("4. The next order goes beyond it and is held")
    cast.second = cast.quote(cast.sophie, 3500)
    refusal = tale.refused(
        f"Sophie cannot confirm {cast.money(3500)}",
        cast.sophie.web,
        *CONFIRM,
        [cast.second],
    )
    facts = refusal.context["credit"]
    tale.sure(facts["uncovered"] == 1500, facts["headline"])
    tale.sure(facts["reasons"], "she is told why:")
    for reason in facts["reasons"]:
        tale.say(f"- {reason['text']}")
    ways = {way["code"]: way["amount"] for way in facts["ways_out"]}
    expected = {"deposit": 1500, "ship_part": 2000, "ask_more": 1500, "release": 1500}
    tale.sure(expected.items() <= ways.items(), "and what would help:")
    for way in facts["ways_out"]:
        tale.say(f"- {way['text']}")
    tale.sure(cast.state(cast.second) == "draft", "the order is still a quotation")
    hold = cast.hold(cast.second)
    tale.sure(
        (hold["state"], hold["uncovered"]) == ("open", 1500),
        "although all was rolled back, the hold is on Marc's list",
    )


def bypassing(tale, cast):
    tale.chapter("5. There is no way around")
    for text, attempt in {**ways_around(cast), **ways_to_forge(cast)}.items():
        tale.refused(f"{text}: refused", *attempt)
    names = [".id", "state"]
    rows = [[str(cast.second), "sale"]]
    loaded = cast.sophie.call("sale.order", "load", names, rows)
    tale.sure(not loaded["ids"] and loaded["messages"], "an import: refused")
    tale.sure(
        (cast.state(cast.second), cast.room()) == ("draft", 2000),
        "nothing has changed",
    )


def ways_around(cast):
    """Return what Sophie tries to get the order confirmed, by what it is called."""
    call, order, state = cast.sophie.call, cast.second, {"state": "sale"}
    line = {"product_id": cast.goods, "price_unit": 3500, "tax_ids": [(5,)]}
    new = {"partner_id": cast.customer, "order_line": [(0, 0, line)], **state}
    first = cast.sophie.read("sale.order", cast.first, "order_line")
    dear = {"price_unit": 9500}
    return {
        "writing the state by XML-RPC": (call, "sale.order", "write", [order], state),
        "creating a confirmed order": (call, "sale.order", "create", [new]),
        "copying it as confirmed": (call, "sale.order", "copy", [order], state),
        "the web client": (cast.sophie.web, *CONFIRM, [order]),
        "raising the confirmed order": (call, "sale.order.line", "write", first, dear),
        "the administrator": (cast.admin.call, *CONFIRM, [order]),
    }


def ways_to_forge(cast):
    """Return what Sophie tries to make the server believe."""
    call, order, hold = cast.sophie.call, cast.second, cast.hold(cast.second)["id"]
    forged = {"bypass_risk": True, "credit_control.gate": True, "su": True}
    released, nothing = {"state": "released"}, {"credit_open_company": 0}

    def pretend():
        call(*CONFIRM, [order], context=forged)

    def by_key():
        cast.sophie.json2(*CONFIRM, ids=[order])

    return {
        "JSON-2 with an API key": (by_key,),
        "a forged context": (pretend,),
        "writing that it owes nothing": (call, "sale.order", "write", [order], nothing),
        "writing a release": (call, "credit.hold", "write", [hold], released),
        "releasing it herself": (call, "credit.hold", "release", [hold]),
    }


def releasing(tale, cast):
    tale.chapter("6. She asks, the credit manager releases, the order confirms")
    note = "Their bank guarantee arrives on Monday."
    cast.sophie.call("credit.hold", "request_release", "sale.order", cast.second, note)
    hold = cast.hold(cast.second)
    tale.sure(
        (hold["state"], hold["request_note"]) == ("requested", note),
        f"Marc reads: “{hold['request_note']}”",
    )
    cast.marc.call("credit.hold", "action_release_and_confirm", [hold["id"]])
    tale.sure(
        cast.state(cast.second) == "sale",
        "one click by Marc: released and confirmed",
    )
    tale.sure(cast.room() == -1500, f"the room is now {cast.money(cast.room())}")
    domain = [("partner_id", "=", cast.customer)]
    decisions = cast.marc.call("credit.decision", "search", domain)
    tale.sure(
        cast.marc.call("credit.decision", "replay", decisions),
        f"{len(decisions)} decisions are on record and replay to the same outcome",
    )


def paying(tale, cast):
    tale.chapter("7. A payment frees room, and a hold clears by itself")
    cast.third = cast.quote(cast.sophie, 1000)
    tale.refused(
        f"a third order, {cast.money(1000)}, is held",
        cast.sophie.call,
        *CONFIRM,
        [cast.third],
    )
    invoice = invoice_of(cast, cast.first)
    tale.sure(
        cast.hold(cast.third)["state"] == "open", "the invoice alone helps nobody"
    )
    context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = cast.anna.web("account.payment.register", "create", {}, context=context)
    cast.anna.web(
        "account.payment.register", "action_create_payments", [wizard], context=context
    )
    tale.sure(
        cast.room() == 4500,
        f"{CUSTOMER} pays {cast.money(6000)}: room for {cast.money(cast.room())}",
    )
    tale.sure(
        cast.hold(cast.third)["state"] == "cleared",
        "the hold is cleared; nobody had to look",
    )
    cast.sophie.call(*CONFIRM, [cast.third])
    tale.sure(cast.state(cast.third) == "sale", "Sophie confirms the third order")


def invoice_of(cast, order):
    """Let the salesperson invoice an order and the accountant post the invoice."""
    context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
    wizard = cast.sophie.web("sale.advance.payment.inv", "create", {}, context=context)
    cast.sophie.web(
        "sale.advance.payment.inv", "create_invoices", [wizard], context=context
    )
    invoice = cast.admin.read("sale.order", order, "invoice_ids")[0]
    cast.anna.web("account.move", "action_post", [invoice])
    return invoice


def racing(tale, cast):
    tale.chapter("8. Two salespeople confirm at the same time, and the limit holds")
    orders = [
        (seller, cast.quote(seller, 1000))
        for _round in range(4)
        for seller in (cast.sophie, cast.hugo)
    ]
    tale.say(
        f"room for {cast.money(cast.room())}, eight quotations over"
        f" {cast.money(1000)}, eight sessions"
    )
    with ThreadPoolExecutor(len(orders)) as pool:
        refusals = list(pool.map(try_to_confirm, orders))
    confirmed = [order for _seller, order in orders if cast.state(order) == "sale"]
    tale.sure(len(confirmed) == 3, f"{len(confirmed)} are confirmed, as many as fit")
    tale.sure(
        not any(refusal.technical for refusal in refusals if refusal),
        "the others are told why; nobody sees a technical error",
    )
    holds = [
        cast.hold(order)["state"] for _seller, order in orders if order not in confirmed
    ]
    tale.sure(holds == ["open"] * 5, "five holds are on the list, one for each")
    tale.sure(cast.room() == 500, f"{cast.money(cast.room())} are left, not less")


def try_to_confirm(job):
    seller, order = job
    try:
        seller.call(*CONFIRM, [order])
    except Refused as refusal:
        return refusal
    return None


def proving(tale, cast):
    tale.chapter("9. Every figure opens the records that it is made of")
    opened = cast.marc.web(
        "res.partner", "action_open_credit_exposure", [cast.customer]
    )
    items = cast.marc.web(
        opened["res_model"], "search_read", opened["domain"], ["name", "amount"]
    )
    total = sum(item["amount"] for item in items)
    owed = cast.marc.read("res.partner", cast.customer, "credit_exposure")
    tale.sure(
        total == owed == 7500,
        f"{CUSTOMER} owes {cast.money(owed)}: {len(items)} open items add up to it",
    )


CHAPTERS = (
    people,
    quoting,
    confirming,
    held,
    bypassing,
    releasing,
    paying,
    racing,
    proving,
)
