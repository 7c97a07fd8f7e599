import {describe, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeMockEnv,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {CreditCockpit} from "@credit_control/cockpit/credit_cockpit";

describe.current.tags("desktop");
defineMailModels();

const age = (name, amount) => ({
    name,
    amount,
    count: amount ? 1 : 0,
    action: {type: "ir.actions.act_window", name},
});

function makeFigures(values = {}) {
    return {
        company: "Lumière",
        currency_id: 2,
        is_empty: false,
        can_set_up: false,
        tiles: {
            exposure: {
                amount: 1000,
                secured: 250,
                unmanaged: 0,
                action: age("all", 1).action,
            },
            lines: {amount: 2000, used: 900, action: age("lines", 1).action},
            uncovered: {amount: 100, count: 1, action: age("over", 1).action},
            overdue: {amount: 40, count: 2, total: 400, action: age("late", 1).action},
            holds: {amount: 10, count: 1, action: age("held", 1).action},
            waiting: {count: 0},
            expiring: {amount: 0, count: 0, days: 30, action: age("ending", 1).action},
        },
        kinds: [
            {
                id: 4,
                name: "Own",
                color: "#2f6f8f",
                secured: false,
                limit: 2000,
                used: 900,
                count: 3,
                action: age("own", 1).action,
            },
        ],
        policies: [],
        ages: [age("not due", 360), age("1-30 days", 40)],
        hold_ages: [age("0-1 days", 10)],
        hold_reasons: [],
        expiring: [],
        oldest: [],
        risks: [],
        waiting: [],
        ...values,
    };
}

async function mountCockpit(values) {
    onRpc("credit.cockpit", "get_figures", () => makeFigures(values));
    mockService("action", {
        doAction(action) {
            expect.step(action.name || action);
        },
    });
    const config = {breadcrumbs: [], getDisplayName: () => "", setDisplayName() {}};
    const env = await makeMockEnv({config});
    await mountWithCleanup(CreditCockpit, {props: {action: {}, actionId: 1}, env});
    await animationFrame();
}

test("P1: tiles, kinds and ages open their records", async () => {
    await mountCockpit();
    expect("[data-tile=exposure] .o_cockpit_note").toHaveText(/25% secured/);
    expect("[data-tile=uncovered]").toHaveClass("o_cockpit_alert");
    await contains("[data-tile=uncovered]").click();
    await contains("[data-carrier=kind4]").click();
    await contains("[data-card=ages] li:eq(1) button").click();
    expect.verifySteps(["over", "own", "1-30 days"]);
});

test("what nobody carries is a share of its own, with a pattern", async () => {
    await mountCockpit();
    expect(".o_cockpit_shares > div").toHaveCount(2);
    expect(".o_cockpit_shares > .o_cockpit_hatched").toHaveCount(1);
    expect("[data-tile=waiting]").toHaveAttribute("disabled");
});

test("a company without lines is shown the way in", async () => {
    await mountCockpit({is_empty: true, can_set_up: true});
    expect(".o_cockpit_tiles").toHaveCount(0);
    await contains(".o_cockpit_empty .btn-primary").click();
    expect.verifySteps(["credit_control.credit_onboarding_action"]);
});
