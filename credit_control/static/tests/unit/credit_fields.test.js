import {describe, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getMockEnv,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {HOLD_CHANGED} from "@credit_control/core/credit_record";
import {makeExplanation} from "./credit_test_helpers";

describe.current.tags("desktop");

class SaleOrder extends models.Model {
    _name = "sale.order";

    name = fields.Char();
    credit_preview = fields.Json();

    _records = [
        {id: 42, name: "S00042", credit_preview: makeExplanation()},
        {id: 43, name: "S00043", credit_preview: false},
    ];
}

defineMailModels();
defineModels([SaleOrder]);

const FORM = `
    <form>
        <field name="name"/>
        <field name="credit_preview" widget="credit_stack_bar"/>
        <field name="credit_preview" widget="credit_explanation"/>
    </form>`;

function mountForm(resId) {
    onRpc("credit.line", "has_access", () => false);
    return mountView({type: "form", resModel: "sale.order", resId, arch: FORM});
}

test("P9: headline, reasons and ways out are words with amounts", async () => {
    await mountForm(42);
    expect(".o_credit_headline").toHaveText("700.00 € are not covered.");
    expect(".o_credit_reasons .fa-ban").toHaveAttribute(
        "aria-label",
        "Holds the document"
    );
    expect(".o_credit_reasons .o_credit_item_amount").toHaveText(/700\.00/);
    expect(".o_credit_ways .o_credit_item").toHaveCount(2);
    expect(".o_credit_ways button").toHaveCount(1);
    expect(".o_credit_ways .o_credit_item_amount:eq(0)").toHaveText(/500\.00/);
});

test("P9: a way out opens its record", async () => {
    mockService("action", {
        doAction: ({res_model: model, res_id: id}) => expect.step(`${model} ${id}`),
    });
    onRpc("account.move", "has_access", () => true);
    await mountForm(42);
    await contains(".o_credit_ways button").click();
    expect.verifySteps(["account.move 99"]);
});

test("a way out that may not be read says so", async () => {
    mockService("notification", {add: (message, {type}) => expect.step(type)});
    onRpc("account.move", "has_access", () => false);
    await mountForm(42);
    await contains(".o_credit_ways button").click();
    expect.verifySteps(["warning"]);
});

test("text is text, never markup", async () => {
    const text = "<img src=x onerror=alert(1)>";
    SaleOrder._records[0].credit_preview = makeExplanation({headline: text});
    await mountForm(42);
    expect(".o_credit_headline").toHaveText(text);
    expect(".o_credit_headline img").toHaveCount(0);
});

test("an order without explanation shows nothing", async () => {
    await mountForm(43);
    expect(".o_credit_stack, .o_credit_explanation").toHaveCount(0);
});

test("in a list the bar is compact", async () => {
    await mountView({
        type: "list",
        resModel: "sale.order",
        arch: `<list><field name="credit_preview" widget="credit_stack_bar"/></list>`,
    });
    expect(".o_credit_stack_compact").toHaveCount(1);
    expect(".o_credit_legend").toHaveCount(0);
});

test("P4: the form shows a new hold at once, but keeps what was typed", async () => {
    await mountForm(42);
    onRpc("sale.order", "web_read", () => expect.step("web_read"));
    const announce = async (id) => {
        getMockEnv().bus.trigger(HOLD_CHANGED, {
            documents: [{model: "sale.order", id}],
        });
        await animationFrame();
    };
    await announce(43);
    expect.verifySteps([]);
    await announce(42);
    expect.verifySteps(["web_read"]);
    await contains("[name=name] input").edit("Mine");
    await announce(42);
    expect.verifySteps([]);
    expect("[name=name] input").toHaveValue("Mine");
});
