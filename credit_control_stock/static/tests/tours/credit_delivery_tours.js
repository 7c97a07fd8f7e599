import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

// The warehouse worker's road: goods must not leave; why, and a request for a release.
tours.add("credit_delivery_held", {
    steps: () => [
        {
            content: "send the goods",
            trigger: "button[name=button_validate]:visible",
            run: "click",
        },
        {
            content: "they wait, and no figure is told",
            trigger:
                ".o_credit_hold_dialog .o_credit_hold_body:contains('waits for a release'):not(:contains('$'))",
        },
        {
            content: "ask for a release",
            trigger: ".o_credit_hold_dialog .o_credit_request",
            run: "click",
        },
        {
            content: "say why",
            trigger: "textarea#o_credit_hold_note",
            run: "edit The truck waits",
        },
        {
            content: "send it",
            trigger: ".o_credit_hold_dialog button:contains('Send request')",
            run: "click",
        },
        {
            content: "the delivery shows that it is asked for",
            trigger: ".ribbon:contains('Release requested')",
        },
        {
            content: "and why it waits",
            trigger: "div[name=credit_hold_note]:contains('credit department')",
        },
    ],
});

// The manager's road: opens the request of the warehouse and lets the goods leave.
tours.add("credit_delivery_manager", {
    steps: () => [
        {
            content: "open the request",
            trigger: ".o_kanban_record:contains('Tour Receiver')",
            run: "click",
        },
        {
            content: "read what the warehouse wrote",
            trigger: ".o_form_view:contains('The truck waits')",
        },
        {
            content: "release",
            trigger: "button[name=action_release_and_confirm]",
            run: "click",
        },
        {
            content: "yes, really",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "it is released",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Released')",
        },
    ],
});

// And the goods leave.
tours.add("credit_delivery_done", {
    steps: () => [
        {
            content: "the delivery is released",
            trigger: ".ribbon:contains('Released')",
        },
        {
            content: "send the goods",
            trigger: "button[name=button_validate]:visible",
            run: "click",
        },
        {
            content: "they left",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
    ],
});
