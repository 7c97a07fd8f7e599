import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {EVERY} from "@credit_control/live/credit_live";

describe.current.tags("desktop");

class Work extends models.Model {
    _name = "credit.work";

    name = fields.Char();
    done = fields.Integer();
    is_running = fields.Boolean();

    _records = [{id: 1, name: "Portfolio", done: 10, is_running: true}];
}

defineMailModels();
defineModels([Work]);

async function mountWork() {
    onRpc("credit.work", "web_read", () => expect.step("read"));
    await mountView({
        type: "form",
        resModel: "credit.work",
        resId: 1,
        arch: `
            <form>
                <field name="is_running" invisible="1"/>
                <widget name="credit_live" options="{'running': 'is_running'}"/>
                <field name="name"/>
                <field name="done" readonly="1"/>
            </form>`,
    });
    expect.verifySteps(["read"]);
}

async function letWork(values) {
    MockServer.env["credit.work"].write([1], values);
    await advanceTime(EVERY);
    await animationFrame();
}

test("what works in the background moves, and stops with the work", async () => {
    await mountWork();
    expect(".o_credit_live").toHaveCount(1);
    await letWork({done: 20});
    expect("[name=done]").toHaveText("20");
    await letWork({done: 30, is_running: false});
    expect("[name=done]").toHaveText("30");
    expect(".o_credit_live").toHaveCount(0);
    expect.verifySteps(["read", "read"]);
    await letWork({done: 40});
    expect.verifySteps([]);
});

test("who types is not disturbed", async () => {
    await mountWork();
    await contains("[name=name] input").edit("Mine", {confirm: false});
    await letWork({name: "Theirs"});
    expect("[name=name] input").toHaveValue("Mine");
    expect.verifySteps([]);
});

test("a record that is gone is not asked for again", async () => {
    await mountWork();
    onRpc("credit.work", "web_read", () => {
        expect.step("gone");
        throw new Error("gone");
    });
    await letWork({});
    await letWork({});
    expect.verifySteps(["gone"]);
});
