import {describe, expect, test} from "@odoo/hoot";
import {mockDate} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {buildLines, buildTail, safeColor} from "@credit_control/stack/credit_blocks";
import {CreditStack} from "@credit_control/stack/credit_stack";
import {makeExplanation, makeLine} from "./credit_test_helpers";

describe.current.tags("desktop");
defineMailModels();

async function mountStack(explanation, props = {}) {
    await mountWithCleanup(CreditStack, {props: {explanation, ...props}});
}

function allowReading(isAllowed) {
    onRpc("credit.line", "has_access", () => isAllowed);
}

test("P9: every line is a block with used, this document and free", async () => {
    allowReading(false);
    await mountStack(makeExplanation());
    expect(".o_credit_block").toHaveCount(3);
    expect(".o_credit_block:eq(0) .o_credit_used").toHaveCount(1);
    expect(".o_credit_block:eq(0) .o_credit_this").toHaveCount(1);
    expect(".o_credit_block:eq(0) .o_credit_free").toHaveCount(0);
    expect(".o_credit_block:eq(1) .o_credit_free").toHaveStyle({flexGrow: "500"});
    expect(".o_credit_tail").toHaveStyle({flexGrow: "700"});
});

test("P9: the figures and the label say what is left after the order", async () => {
    allowReading(false);
    await mountStack(makeExplanation());
    expect("[data-figure=available] dd").toHaveText(/800\.00/);
    expect("[data-figure=left] dt").toHaveText("Left after this order");
    expect("[data-figure=left] dd").toHaveText(/-700\.00/);
    expect("[data-figure=left] dd").toHaveClass("text-danger");
    expect(".o_credit_bar").toHaveAttribute("role", "img");
    expect(".o_credit_bar").toHaveAttribute(
        "aria-label",
        /Alpes.*700\.00.*not covered/
    );
});

test("without a document there is nothing about one", async () => {
    allowReading(false);
    await mountStack(makeExplanation({document: false, over: 0, uncovered: 0}));
    expect("[data-figure=left]").toHaveCount(0);
    expect(".o_credit_tail").toHaveCount(0);
    expect(".o_credit_key").not.toHaveText(/This/);
});

test("P6: no limit managed and a limit of zero are told apart", async () => {
    allowReading(false);
    await mountStack(makeExplanation({managed: false, stack: []}));
    expect(".o_credit_stack_unmanaged").toHaveText(/not managed/);
    expect(".o_credit_bar").toHaveCount(0);
    await mountStack(
        makeExplanation({stack: [makeLine({key: 0, amount: 0})], over: 0, limit: 0})
    );
    expect(".o_credit_bar_empty").toHaveCount(1);
    expect(".o_credit_stack_note").toHaveText(/paid in advance/);
});

test("a block opens its line when the user may read lines", async () => {
    allowReading(true);
    mockService("action", {
        doAction: ({res_model: model, res_id: id}) => expect.step(`${model} ${id}`),
    });
    await mountStack(makeExplanation({}), {onOpened: () => expect.step("opened")});
    await contains(".o_credit_block:eq(1)").click();
    await contains("button.o_credit_legend_name:eq(0)").click();
    expect.verifySteps(["credit.line 12", "opened", "credit.line 11", "opened"]);
});

test("without the right to read lines nothing opens", async () => {
    allowReading(false);
    mockService("action", {doAction: () => expect.step("doAction")});
    await mountStack(makeExplanation());
    expect("button.o_credit_legend_name").toHaveCount(0);
    await contains(".o_credit_block:eq(0)").click();
    expect.verifySteps([]);
});

test("the default of the policy is no record and opens nothing", async () => {
    allowReading(true);
    mockService("action", {doAction: () => expect.step("doAction")});
    await mountStack(makeExplanation({stack: [makeLine({key: 0, used: 100})]}));
    await contains(".o_credit_block:eq(0)").click();
    expect.verifySteps([]);
});

test("compact draws the bar alone and asks the server nothing", async () => {
    onRpc("credit.line", "has_access", () => expect.step("has_access"));
    await mountStack(makeExplanation(), {compact: true});
    expect(".o_credit_bar").toHaveCount(1);
    expect(".o_credit_legend, .o_credit_stack_figures").toHaveCount(0);
    expect.verifySteps([]);
});

test("a near last day is shown, a far one only on demand", async () => {
    mockDate("2026-06-01 12:00:00");
    const explanation = makeExplanation({
        stack: [makeLine({date_to: "2026-06-30"}), makeLine({date_to: "2027-06-30"})],
    });
    const [near, far] = buildLines(explanation);
    expect(near.isNearExpiry).toBe(true);
    expect(far.isNearExpiry).toBe(false);
    expect(far.lastDay).toInclude("2027");
});

test("what the document adds is a part of the red tail", () => {
    expect(buildTail({over: 1000, uncovered: 400})).toEqual([
        {type: "used", amount: 600},
        {type: "this", amount: 400},
    ]);
    expect(buildTail({over: 0, uncovered: 0})).toEqual([]);
});

test("a colour that is no colour never reaches the style", () => {
    const line = makeLine({color: "red; background: url(//evil.example)"});
    expect(safeColor(line, 0)).toMatch(/^#[0-9a-f]{6}$/);
    expect(safeColor(makeLine({color: "#ABCDEF"}), 0)).toBe("#ABCDEF");
});

test("an inactive currency is worded by its code", async () => {
    allowReading(false);
    await mountStack(makeExplanation({currency_id: 987, currency: "CHF"}));
    expect("[data-figure=available] dd").toHaveText(/800\.00.CHF/);
});
