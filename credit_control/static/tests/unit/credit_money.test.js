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
import {
    CreditAgedBalance,
    readBuckets,
} from "@credit_control/aged_balance/credit_aged_balance";
import {CreditFigures} from "@credit_control/figures/credit_figures";

describe.current.tags("desktop");
defineMailModels();

const BALANCE = {
    day: "2026-06-30",
    basis: "due",
    buckets: [30, 60],
    currency: "company",
    search: "",
    columns: ["Not due", "1-30 days", "31-60 days", "Over 60 days", "Credits"],
    rows: [
        {
            partner_id: 7,
            name: "Debtor",
            currency_id: 1,
            currency: "EUR",
            amounts: [100, 0, 20, 0, -5],
            total: 115,
        },
    ],
    count: 1,
    page: 200,
    totals: [
        {currency_id: 1, currency: "EUR", amounts: [100, 0, 20, 0, -5], total: 115},
    ],
};

const FIGURES = {
    company: "Lumière",
    currency_id: 1,
    is_empty: false,
    policies: [{id: 3, name: "Resellers"}],
    users: [],
    policy_id: 0,
    user_id: 0,
    tiles: {
        dso: 54.2,
        best: 22,
        delinquent: 32.2,
        effectiveness: null,
        reliability: null,
        promised: 0,
        risk: 40,
        open: 100,
    },
    trend: [],
    weeks: [{name: "6 Jul", amount: 60, count: 2, action: {what: "week", key: 0}}],
    risks: [{name: "Disputed", amount: 40, count: 1, action: {what: "risk", key: "d"}}],
    responses: [],
};

async function mountAction(Component) {
    mockService("action", {
        doAction(action) {
            expect.step(action.name);
        },
    });
    const config = {breadcrumbs: [], getDisplayName: () => "", setDisplayName() {}};
    const env = await makeMockEnv({config});
    await mountWithCleanup(Component, {props: {action: {}, actionId: 1}, env});
    await animationFrame();
}

test("columns are read from what a person types", () => {
    expect(readBuckets("30, 60;90 ")).toEqual([30, 60, 90]);
    expect(readBuckets("")).toEqual([]);
});

test("P1: each figure of the aged balance opens its items", async () => {
    onRpc("credit.aged.balance", "get_balance", () => BALANCE);
    onRpc("credit.aged.balance", "open_items", ({args}) => ({
        name: `${args[1]}/${args[2]}`,
    }));
    await mountAction(CreditAgedBalance);
    expect("tbody tr td").toHaveCount(7);
    await contains("tbody td:eq(3) button").click();
    await contains("tfoot td:eq(1) button").click();
    expect.verifySteps(["7/2", "null/0"]);
});

test("options are asked from the server", async () => {
    onRpc("credit.aged.balance", "get_balance", ({kwargs}) => {
        expect.step(kwargs.basis || "due");
        return {...BALANCE, count: 0, rows: []};
    });
    await mountAction(CreditAgedBalance);
    expect(".o_aged_empty").toHaveCount(1);
    await contains("select[name=basis]").select("invoice");
    expect.verifySteps(["due", "invoice"]);
});

test("P1: figures say what they mean and open their records", async () => {
    onRpc("credit.figures", "get_figures", ({kwargs}) => {
        expect.step(`policy ${kwargs.policy_id || 0}`);
        return FIGURES;
    });
    onRpc("credit.figures", "open_records", ({kwargs}) => ({
        name: `${kwargs.what}/${kwargs.key}`,
    }));
    await mountAction(CreditFigures);
    expect("[data-tile=dso] strong").toHaveText("54 days");
    expect("[data-tile=dso] .o_cockpit_note").toHaveText(/Days of sales/);
    expect("[data-tile=effectiveness] strong").toHaveText("–");
    expect("[data-tile=risk]").toHaveClass("o_cockpit_alert");
    await contains("[data-tile=reliability]").click();
    await contains(".o_cockpit_wide .o_cockpit_row:first").click();
    await contains("select[name=policy]").select("3");
    expect.verifySteps(["policy 0", "promises/null", "week/0", "policy 3"]);
});
