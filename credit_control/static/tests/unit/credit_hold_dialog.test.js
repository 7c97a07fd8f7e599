import {describe, expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {makeExplanation} from "./credit_test_helpers";

const CREDIT_HOLD_ERROR = "odoo.addons.credit_control.exceptions.CreditHoldError";

describe.current.tags("desktop");
defineMailModels();

async function raiseHold(context, message = "Held") {
    expect.errors(1);
    onRpc("has_access", () => false);
    await mountWithCleanup(MainComponentsContainer);
    Promise.reject(
        makeServerError({
            errorName: CREDIT_HOLD_ERROR,
            context,
            message,
            args: [message],
        })
    );
    await animationFrame();
    await animationFrame();
    expect.verifyErrors([/./]);
}

function makeOther(id, values = {}) {
    const document = {model: "sale.order", id, name: `S000${id}`, amount: 10};
    return makeExplanation({document, ...values});
}

test("P9: the server's exception opens our dialog with the whole story", async () => {
    await raiseHold({credit: makeExplanation()});
    expect(".modal-title").toHaveText(
        "Held: S00042 exceeds the credit of Alpes Informatique"
    );
    expect(".modal .o_credit_bar").toHaveCount(1);
    expect(".modal .o_credit_reasons .o_credit_item").toHaveCount(1);
    expect(".modal .o_credit_ways .o_credit_item").toHaveCount(2);
    expect(".modal-footer button").toHaveCount(3);
});

test("a request carries the note, is confirmed and closes the dialog", async () => {
    mockService("notification", {add: (text, {type}) => expect.step(type)});
    onRpc("credit.hold", "request_release", ({args, kwargs}) => {
        expect.step([...args, kwargs.note]);
        return true;
    });
    await raiseHold({credit: makeExplanation()});
    await contains(".o_credit_request").click();
    expect(".modal textarea").toBeFocused();
    await contains(".modal textarea").edit("  Paid this morning ");
    await contains(".modal-footer .btn-primary").click();
    expect.verifySteps([["sale.order", 42, "Paid this morning"], "success"]);
    expect(".modal").toHaveCount(0);
});

test("a request that fails leaves the dialog and the note", async () => {
    onRpc("credit.hold", "request_release", () => {
        throw makeServerError({message: "Not allowed"});
    });
    await raiseHold({credit: makeExplanation()});
    expect.errors(2);
    await contains(".o_credit_request").click();
    await contains(".modal textarea").edit("Please");
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect.verifyErrors([/Not allowed/]);
    expect(".o_credit_hold_dialog textarea").toHaveValue("Please");
    expect(".o_credit_hold_dialog .btn-primary").toBeEnabled();
});

test("open the hold asks the server where it is", async () => {
    onRpc("credit.hold", "open_for", ({args}) => {
        expect.step(args);
        return {type: "ir.actions.act_window", res_model: "credit.hold", res_id: 5};
    });
    mockService("action", {doAction: ({res_id: id}) => expect.step(`hold ${id}`)});
    await raiseHold({credit: makeExplanation()});
    await contains(".o_credit_open_hold").click();
    await animationFrame();
    expect.verifySteps([["sale.order", 42], "hold 5"]);
    expect(".modal").toHaveCount(0);
});

test("no right, no button; no record, no button", async () => {
    await raiseHold({credit: makeExplanation({can_request: false, document: false})});
    expect(".o_credit_request, .o_credit_open_hold").toHaveCount(0);
    expect(".modal-footer button").toHaveCount(1);
});

test("what was requested is not requested again", async () => {
    await raiseHold({credit: makeExplanation({hold: {id: 5, state: "requested"}})});
    expect(".o_credit_request").toHaveCount(0);
    expect(".o_credit_hold_body").toHaveText(/requested already/);
});

test("a batch shows the first in full, the others as one line each", async () => {
    const requested = [];
    onRpc("credit.hold", "request_release", ({args}) => {
        requested.push(args[1]);
        return true;
    });
    const documents = [
        makeExplanation(),
        makeOther(43),
        makeOther(44, {can_request: false}),
    ];
    await raiseHold({credit: documents[0], credit_documents: documents});
    expect(".modal .o_credit_bar").toHaveCount(1);
    expect(".o_credit_hold_other").toHaveCount(2);
    expect(".o_credit_hold_other:eq(0)").toHaveText(/S00043.*700\.00.*not covered/s);
    expect(".o_credit_request").toHaveText("Request release (2)");
    await contains(".o_credit_request").click();
    await contains(".modal-footer .btn-primary").click();
    expect(requested).toEqual([42, 43]);
});

test("a hold for another reason does not speak of the limit", async () => {
    await raiseHold({credit: makeExplanation({uncovered: 0, over: 0})});
    expect(".modal-title").toHaveText("Held: S00042 of Alpes Informatique");
});

test("without an explanation the message of the server is shown", async () => {
    await raiseHold({}, "Held: 700.00 are not covered.");
    expect(".modal-body").toHaveText("Held: 700.00 are not covered.");
    expect(".modal-footer button").toHaveCount(1);
});
