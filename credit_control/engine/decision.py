# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From a situation to verdicts."""

from .case import Case
from .network import Network
from .rules import get_kind
from .situation import EFFECTS, Situation
from .verdict import Reason, Verdict, WayOut


def decide(situation):
    """Decide the documents one after another.

    One that may pass counts for the next, one that is held does not.

    :param situation: a :class:`Situation`
    :return: tuple of :class:`Verdict`, in the order of the documents
    """
    base = Network(situation.lines).plus(situation.items)
    owed = [document.before for document in situation.documents]
    network = base.plus(_flat(owed))
    verdicts = []
    for index, document in enumerate(situation.documents):
        others = _flat(owed[:index] + owed[index + 1 :])
        rest = base.plus(others) if document.before else network
        case = Case(situation, document, rest, others)
        verdict = _judge(case)
        verdicts.append(verdict)
        if verdict.outcome != "hold":
            network, owed[index] = case.network_after, case.items
    return tuple(verdicts)


def replay(data):
    """Decide again what :meth:`Situation.to_json` recorded."""
    return decide(Situation.from_json(data))


def _flat(parts):
    return tuple(item for part in parts for item in part)


def _judge(case):
    reasons, kinds = _evaluate(case)
    effects = {reason.effect for reason in reasons}
    effect = max(effects, key=EFFECTS.index, default="inform")
    stopped = effect == "stop"
    release = _check_release(case) if effect == "hold" else None
    released = bool(release) and release.code == "released"
    held = stopped or (effect == "hold" and not released)
    observed = held and case.situation.observe
    if released or effect == "inform":
        outcome = "pass"
    else:
        outcome = "hold" if held and not observed else "warn"
    return Verdict(
        key=case.document.key,
        outcome=outcome,
        reasons=(*reasons, release) if release else reasons,
        ways_out=_get_ways_out(case, kinds, held and not stopped)
        if outcome != "pass"
        else (),
        uncovered_before=case.before.uncovered,
        uncovered_after=case.after.uncovered,
        added=case.added,
        fits=case.fits,
        before=case.before,
        after=case.after,
        released=released,
        observed=observed,
        stopped=stopped,
    )


def _evaluate(case):
    """Return one reason per code, the strongest, and the rule kinds that spoke."""
    by_code, kinds = {}, {}
    if not case.situation.managed or not case.grows:
        return (), ()
    for rule in case.situation.rules:
        if not rule.looks_at(case.document.checkpoint):
            continue
        kind = get_kind(rule.kind)
        for reason in kind.reasons(rule, case):
            kinds[kind] = True
            known = by_code.get(reason.code)
            if not known or EFFECTS.index(reason.effect) > EFFECTS.index(known.effect):
                by_code[reason.code] = reason
    return tuple(by_code.values()), tuple(kinds)


def _check_release(case):
    """Return the reason that tells what a document's release is worth, if any."""
    document, release = case.document, case.document.release
    if not release:
        return None
    values = {
        "release": release.key,
        "amount": release.amount,
        "ceiling": release.ceiling,
        "total": document.total,
        "until": release.until.isoformat() if release.until else "",
    }
    if release.until and case.situation.today > release.until:
        return Reason("release_expired", "inform", values)
    if document.total > release.ceiling:
        return Reason("release_exceeded", "inform", values)
    return Reason("released", "inform", values)


def _get_ways_out(case, kinds, releasable):
    """Return one way out per code; the largest amount does for every rule."""
    by_code = {}
    for kind in kinds:
        for way in kind.ways_out(case):
            known = by_code.get(way.code)
            if not known or way.amount > known.amount:
                by_code[way.code] = way
    if releasable:
        values = {"total": case.document.total}
        by_code["release"] = WayOut("release", case.added, values)
    return tuple(by_code.values())
