# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of the benchmark and the goals that it is judged by.

Absolute times drift with the machine. So goals are ratios within one run, of
measures that were taken in turns; what an add-on adds is the median of its
differences to native Odoo at the same turn.
"""

from statistics import median

from . import bench_aged, bench_dunning
from .bench_data import SIDES
from .bench_fill import RACE_FITS, SPREAD
from .bench_holds import HOLDS, SECONDS
from .bench_rules import RULES
from .bench_rules import STATEMENTS as RULE_STATEMENTS
from .speech import say

STATEMENTS = 8
SHARE_OF_OCA = 0.5
LIST_STATEMENTS = 4
FILTER_SHARE = 0.25
LATENCY = 1.2
# A plan is flat when a long closed history costs at most this many buffers more.
FLAT = 1.5
TITLES = {
    "few": "few open items",
    "many": "many open items",
    "history": "long closed history",
    "scoped": "with a scoped line",
    "limited": "16 clients, 1 debtor, limit for 20",
    "crowd": "16 clients, 1 debtor, no limit hit",
    SPREAD: "16 clients, many debtors",
}


class Report:
    """Lines of the table, and the goals with whether they are met."""

    def __init__(self):
        self.rows = []
        self.goals = []

    def row(self, what, **cells):
        self.rows.append([what, *(cells.get(side, "") for side in SIDES)])

    def goal(self, text, is_met, value):
        self.goals.append((text, is_met, value))

    @property
    def missed(self):
        return [text for text, is_met, _value in self.goals if not is_met]

    def show(self):
        """Print the table to stdout."""
        rows = [["", *SIDES], *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for index, row in enumerate(rows):
            first = row[0].ljust(widths[0])
            rest = (c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))
            print("  ".join((first, *rest)))
            if not index:
                print("-" * (sum(widths) + 2 * len(SIDES)))
        print()
        for text, is_met, value in self.goals:
            print(f"{'met   ' if is_met else 'MISSED'}  {text}: {value}")


def added(measures, native, what):
    """Return the median of the differences at the same turn."""
    pairs = zip(measures, native, strict=True)
    return median(mine[what] - theirs[what] for mine, theirs in pairs)


def report(probe, races):
    """Judge what was measured."""
    table = Report()
    sizes(probe["size"])
    confirmations(table, probe["confirm"])
    lists(table, probe)
    plans(table, probe["plans"])
    holds(table, probe["holds"])
    rules(table, probe["rules"])
    dunning(table, probe["dunning"])
    aged(table, probe["aged"], probe["size"]["account_move_line"])
    if races:
        parallel(table, races)
    return table


def sizes(found):
    say(
        f"\n{found['account_move_line']:,} journal items, {found['open']:.0%} of the"
        f" receivables open; {found['sale_order']:,} orders,"
        f" {found['sale_order_line']:,} lines; {found['res_partner']:,} partners\n"
    )


def confirmations(table, found):
    """Confirm one order: statements, time, and what each side adds."""
    statements, shares = [], {}
    for label, sides in found.items():
        native = sides["native"]
        times, counts = {}, {}
        for side, measures in sides.items():
            count = median(measure["statements"] for measure in measures)
            counts[side] = f"{count:g}"
            times[side] = f"{median(m['ms'] for m in measures):.1f} ms"
            if side != "native":
                counts[side] += f" (+{added(measures, native, 'statements'):g})"
                times[side] += f" (+{added(measures, native, 'ms'):.1f})"
        table.row(f"confirm, {TITLES[label]}: time", **times)
        table.row(f"confirm, {TITLES[label]}: statements", **counts)
        ours, oca = sides["ours"], sides["oca"]
        shares[label] = added(ours, native, "ms") / max(added(oca, native, "ms"), 0.01)
        if label != "scoped":
            statements += [
                mine["statements"] - theirs["statements"]
                for mine, theirs in zip(ours, native, strict=True)
            ]
    judge_confirmations(table, statements, shares)


def judge_confirmations(table, statements, shares):
    highest, lowest = max(statements), min(statements)
    table.goal(
        f"the gate adds at most {STATEMENTS} statements", highest <= STATEMENTS, highest
    )
    table.goal(
        "their number does not depend on items, orders or history",
        highest == lowest,
        f"{lowest} to {highest}",
    )
    for label, share in shares.items():
        if label != "scoped":
            table.goal(
                f"its time is under {SHARE_OF_OCA:.0%} of OCA's, {TITLES[label]}",
                share < SHARE_OF_OCA,
                f"{share:.0%}",
            )


def lists(table, probe):
    """Available credit of 80 partners, and who is over the limit."""
    titles = {"list": "available credit of 80 partners", "filter": "over-limit filter"}
    times = {}
    for name, title in titles.items():
        cells, counts = {}, {}
        for side, measures in probe[name].items():
            times[name, side] = median(measure["ms"] for measure in measures)
            cells[side] = f"{times[name, side]:.1f} ms"
            counts[side] = f"{max(measure['statements'] for measure in measures)}"
            counts[side] += f" ({measures[0]['rows']} rows)"
        table.row(f"{title}: time", **cells)
        table.row(f"{title}: statements", **counts)
    count = max(measure["statements"] for measure in probe["list"]["ours"])
    table.goal(
        f"a list of 80 partners takes at most {LIST_STATEMENTS} statements",
        count <= LIST_STATEMENTS,
        count,
    )
    share = times["filter", "ours"] / times["filter", "oca"]
    table.goal(
        f"the over-limit filter takes under {FILTER_SHARE:.0%} of OCA's time",
        share < FILTER_SHARE,
        f"{share:.0%}",
    )


def dunning(table, found):
    """Follow-up runs over the same items, and how long a transaction of sending is."""
    ours, oca, send = found["ours"], found["oca"], found["send"]
    table.row(
        f"follow-up run, {ours['rows']:,} items: time",
        ours=f"{ours['ms'] / 1000:.1f} s",
        oca=f"{oca['ms'] / 1000:.1f} s",
    )
    table.row(
        "follow-up run: statements",
        ours=f"{ours['statements']:,}",
        oca=f"{oca['statements']:,}",
    )
    table.row(
        f"{send['rows']:,} follow-ups queued: time, longest transaction",
        ours=f"{send['total'] / 1000:.1f} s, {send['ms'] / 1000:.1f} s",
    )
    share = ours["ms"] / oca["ms"]
    table.goal(
        f"a follow-up run takes at most {bench_dunning.SHARE:.0%} of OCA's time",
        share <= bench_dunning.SHARE,
        f"{share:.0%}",
    )
    table.goal(
        f"one statement per {bench_dunning.ITEMS_PER_STATEMENT} items of a run",
        ours["statements"] * bench_dunning.ITEMS_PER_STATEMENT <= ours["rows"],
        f"{ours['rows'] / ours['statements']:.0f}",
    )
    table.goal(
        f"no transaction of sending takes {bench_dunning.LONGEST / 1000:.0f} s",
        send["ms"] < bench_dunning.LONGEST,
        f"{send['ms'] / 1000:.1f} s",
    )


def aged(table, found, items):
    """The aged balance over all journal items, by both dates and on a past day."""
    titles = {"due": "by due date", "invoice": "by invoice date", "past": "a past day"}
    for name, measure in found.items():
        table.row(
            f"aged balance, {titles[name]}, {measure['open']:,} items open",
            ours=f"{measure['ms']:.0f} ms, {measure['statements']} statements",
        )
    slowest = max(measure["ms"] for measure in found.values()) / 1000
    table.goal(
        f"the aged balance of {items:,} journal items in {bench_aged.SECONDS} s",
        slowest < bench_aged.SECONDS,
        f"{slowest:.1f} s",
    )


def plans(table, found):
    """One debtor's exposure: no big table from end to end, flat in history."""
    for label in ("few", "many", "history"):
        plan = found[label]
        text = f"{plan['ms']:.1f} ms, {plan['buffers']} buffers"
        table.row(f"exposure of one debtor, {TITLES[label]}", ours=text)
    whole = sorted({name for plan in found.values() for name in plan["whole"]})
    table.goal(
        "one debtor's exposure uses index scans only",
        not whole,
        ", ".join(whole) or "yes",
    )
    growth = found["history"]["buffers"] / found["few"]["buffers"]
    table.goal(
        "it stays flat in closed history", growth <= FLAT, f"x {growth:.2f} buffers"
    )


def holds(table, found):
    """Open holds that are looked at again at once, and the goal in seconds."""
    titles = {"look": "measured and decided", "clear": "cleared, people told"}
    count = found["look"]["rows"]
    for what, measure in found.items():
        text = f"{measure['ms'] / 1000:.1f} s, {measure['statements']} statements"
        table.row(f"{count:,} open holds {titles[what]}", ours=text)
    seconds = sum(measure["ms"] for measure in found.values()) / 1000
    table.goal(
        f"{HOLDS:,} open holds are looked at again in {SECONDS} s",
        seconds * HOLDS / max(count, 1) < SECONDS,
        f"{seconds:.1f} s for {count:,}",
    )


def rules(table, found):
    """Confirmations under few and under many rules."""
    highest = {}
    for count, measures in found.items():
        highest[int(count)] = max(measure["statements"] for measure in measures)
        spent = median(measure["ms"] for measure in measures)
        text = f"{spent:.1f} ms, {highest[int(count)]} statements"
        table.row(f"confirm under {count} active rules", ours=text)
    more = highest[max(highest)] - highest[min(highest)]
    table.goal(
        f"{RULES} rules take at most {RULE_STATEMENTS} statements more than one",
        max(highest) >= RULES and more <= RULE_STATEMENTS,
        more,
    )


def parallel(table, races):
    """Sessions that confirm at once."""
    for name, sides in races.items():
        table.row(
            f"{TITLES[name]}: confirmed, held, errors",
            **{
                side: f"{run.confirmed}, {run.held}, {len(run.errors)}"
                for side, run in sides.items()
            },
        )
        table.row(
            f"{TITLES[name]}: p95",
            **{side: f"{run.p95:.0f} ms" for side, run in sides.items()},
        )
    limited = races["limited"]["ours"]
    table.goal(
        f"exactly the {RACE_FITS} orders that fit are confirmed",
        limited.confirmed == RACE_FITS,
        limited.confirmed,
    )
    for name in ("crowd", SPREAD):
        judge_race(table, name, races[name]["ours"], races[name]["native"])
    errors = [error for sides in races.values() for error in sides["ours"].errors]
    table.goal("no technical error", not errors, errors[:1] or "none")


def judge_race(table, name, ours, native):
    count = len(ours.milliseconds)
    table.goal(
        f"all are confirmed, {TITLES[name]}",
        ours.confirmed == count,
        f"{ours.confirmed} of {count}",
    )
    # Round by round, because a busy machine changes between them.
    pairs = zip(ours.rounds, native.rounds, strict=True)
    ratios = sorted(mine / theirs for mine, theirs in pairs)
    ratio = median(ratios)
    table.goal(
        f"p95 at most {LATENCY:g} x native, {TITLES[name]}",
        ratio <= LATENCY,
        f"x {ratio:.2f} (rounds: {', '.join(f'{one:.2f}' for one in ratios)})",
    )
