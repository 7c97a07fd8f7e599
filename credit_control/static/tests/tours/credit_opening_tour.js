import {registry} from "@web/core/registry";

// The salesperson's road to a new account: who, how much, informed, submitted.
registry.category("web_tour.tours").add("credit_opening_ask", {
    steps: () => [
        {
            content: "a new sheet",
            trigger:
                ".o_list_button_add, .o_control_panel_main_buttons button:contains('New')",
            run: "click",
        },
        {
            content: "the customer",
            trigger: "div[name=customer_name] input",
            run: "edit Tour SARL",
        },
        {
            content: "a number with a wrong digit would be refused",
            trigger: "div[name=vat] input",
            run: "edit FR44732829320",
        },
        {
            content: "what it asks for",
            trigger: "div[name=amount] input",
            run: "edit 2500",
        },
        {
            content: "the customer knows what is kept",
            trigger: "div[name=is_informed] input",
            run: "click",
        },
        {
            content: "hand it over",
            trigger: "button[name=action_submit]",
            run: "click",
        },
        {
            content: "it waits for the credit team",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Submitted')",
        },
    ],
});

// The analyst's answer: takes the review and accepts.
registry.category("web_tour.tours").add("credit_opening_answer", {
    steps: () => [
        {
            content: "take the review",
            trigger: "button[name=action_review]",
            run: "click",
        },
        {
            content: "look at what is granted",
            trigger: ".o_notebook_headers a[name=decision]",
            run: "click",
        },
        {
            content: "it is what was asked",
            trigger: "div[name=granted_amount]",
        },
        {
            content: "accept",
            trigger: "button[name=action_accept]:visible",
            run: "click",
        },
        {
            content: "yes, really",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the account is open",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Accepted')",
        },
    ],
});
