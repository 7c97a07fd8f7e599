import {registry} from "@web/core/registry";

// The salesperson's road: sees that the order does not fit, tries, asks for a release.
registry.category("web_tour.tours").add("credit_salesperson", {
    steps: () => [
        {
            content: "the order tells before confirming what is missing",
            trigger: "div[name=credit_preview] .o_credit_bar",
        },
        {
            content: "and why",
            trigger: "div[name=credit_warning]:contains('exceeds the credit')",
        },
        {
            content: "confirm nevertheless",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "the dialog names reasons and ways out",
            trigger:
                ".o_credit_hold_dialog .o_credit_hold_body:contains('Take a deposit')",
        },
        {
            content: "ask for a release",
            trigger: ".o_credit_hold_dialog .o_credit_request",
            run: "click",
        },
        {
            content: "say why",
            trigger: "textarea#o_credit_hold_note",
            run: "edit The customer paid this morning",
        },
        {
            content: "send it",
            trigger: ".o_credit_hold_dialog button:contains('Send request')",
            run: "click",
        },
        {
            content: "the order shows that it is asked for",
            trigger: ".ribbon:contains('Release requested')",
        },
    ],
});
