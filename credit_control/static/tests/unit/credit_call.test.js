import {describe, expect, test} from "@odoo/hoot";
import {press} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {CreditCall} from "@credit_control/call/credit_call";

describe.current.tags("desktop");
defineMailModels();

function makeCard(values = {}) {
    return {
        left: 2,
        partner: {id: 7, name: "Alpes", place: "Lyon", country: "FR", status: "watch"},
        currency_id: 2,
        amount: 90,
        level: "Call",
        script: "Good morning",
        people: [
            {id: 8, name: "Ann", phone: "+33 4 12", decides: true},
            {id: 7, name: "Alpes", phone: "", decides: false},
        ],
        items: [
            {id: 1, name: "INV/1", date_due: "2026-01-05", days: 20, amount: 100},
            {
                id: 2,
                name: "INV/2",
                date_due: "2026-01-09",
                days: 16,
                amount: 40,
                excuse: "Disputed",
            },
            {id: 3, name: "BNK/1", date_due: "2026-01-09", days: 16, amount: -10},
        ],
        calls: [],
        promises: {count: 0, rate: 0, broken: 0},
        categories: [{id: 4, name: "Price"}],
        reasons: [{id: 5, name: "Short of cash"}],
        dates: {
            today: "2026-01-25",
            promise: ["2026-01-27", "2026-01-30"],
            call_back: ["2026-01-26"],
        },
        ...values,
    };
}

async function mountCall(...cards) {
    onRpc("credit.dunning.call", "get_next", ({args}) => {
        if (args[0].length) {
            expect.step(`without ${args[0]}`);
        }
        return cards.shift() || {left: 0};
    });
    onRpc("credit.dunning.call", "release", () => true);
    onRpc("credit.dunning.call", "set_result", ({args}) => {
        const [partner, result, values] = args;
        expect.step([partner, result, values]);
        return {id: 1, text: "kept"};
    });
    onRpc("credit.dunning.call", "undo_result", ({args}) => {
        expect.step(`undo ${args[0]}`);
        return makeCard({left: 1});
    });
    const config = {breadcrumbs: [], getDisplayName: () => "", setDisplayName() {}};
    const env = await makeMockEnv({config});
    await mountWithCleanup(CreditCall, {props: {action: {}, actionId: 1}, env});
    await animationFrame();
}

const sent = (values = {}) => ({
    contact_id: 8,
    phone: "+33 4 12",
    note: "",
    line_ids: [1, 3],
    amount: 0,
    ...values,
});

test("who decides is proposed, and what is excused is not ticked", async () => {
    await mountCall(makeCard());
    expect(".o_call_person:eq(0)").toHaveClass("o_call_chosen");
    expect(".o_call_phone").toHaveAttribute("href", "tel:+33412");
    expect("tbody input:checked").toHaveCount(2);
    expect(".o_call_head .badge").toHaveText("On watch");
});

test("a promise takes two clicks, then the next debtor comes", async () => {
    await mountCall(makeCard(), makeCard({partner: {id: 9, name: "Jura"}}));
    await contains("[data-result=promise]").click();
    await contains(".o_call_option:eq(1)").click();
    await animationFrame();
    expect.verifySteps([[7, "promise", sent({date: "2026-01-30"})]]);
    expect(".o_call_head h2").toHaveText(/Jura/);
    expect(".o_call_counts").toHaveText(/1 called/);
});

test("digits choose, Escape goes back, N passes over", async () => {
    await mountCall(makeCard(), makeCard(), makeCard());
    await press("4");
    await animationFrame();
    expect(".o_call_option").toHaveCount(1);
    await press("Escape");
    await animationFrame();
    expect(".o_call_option").toHaveCount(0);
    await press("3");
    await animationFrame();
    expect.verifySteps([[7, "no_answer", sent()]]);
    await press("n");
    await animationFrame();
    expect.verifySteps(["without 7"]);
});

test("a wrong click is taken back, and the debtor is there again", async () => {
    await mountCall(makeCard(), makeCard({left: 1, partner: {id: 9, name: "Jura"}}));
    expect(".o_call_undo").toHaveCount(0);
    await press("3");
    await animationFrame();
    expect.verifySteps([[7, "no_answer", sent()]]);
    expect(".o_call_undo").toHaveText("Undo: Alpes");
    await contains(".o_call_undo").click();
    expect.verifySteps(["undo 1"]);
    expect(".o_call_head h2").toHaveText(/Alpes/);
    expect(".o_call_counts").toHaveText("2 waiting");
    expect(".o_call_undo").toHaveCount(0);
});

test("digits typed into the note choose nothing", async () => {
    await mountCall(makeCard());
    await contains(".o_call_results textarea").edit("Pays 3 parts", {confirm: false});
    await contains("tbody tr:eq(2)").click();
    await contains("[data-result=blocked]").click();
    await contains(".o_call_option").click();
    const values = sent({note: "Pays 3 parts", line_ids: [1], reason_id: 5});
    expect.verifySteps([[7, "blocked", values]]);
});

test("when nobody waits, it says so", async () => {
    await mountCall({left: 0, held: 1});
    expect(".o_view_nocontent").toHaveText(/Nobody to call/);
    expect(".o_call_pass").toHaveCount(0);
});
