import {registry} from "@web/core/registry";

// The credit manager's road: one programme, a line for each customer it is for.
registry.category("web_tour.tours").add("credit_programme_open", {
    steps: () => [
        {
            content: "the programme is approved: open its lines",
            trigger: "button[name=action_open_run]",
            run: "click",
        },
        {
            content: "three customers would get one",
            trigger: "div[name=preview] div[name=todo_count]:contains('3')",
        },
        {
            content: "open them",
            trigger: "button[name=action_start]:visible",
            run: "click",
        },
        {
            content: "yes",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "who got one?",
            trigger: "button[name=action_open_rows]:contains('3')",
            run: "click",
        },
        {
            content: "there they are",
            trigger: ".o_list_view .o_data_row:contains('Reseller 2')",
        },
    ],
});

// The salesperson's road: what is missing for a line, told while quoting.
registry.category("web_tour.tours").add("credit_programme_quote", {
    steps: () => [
        {
            content: "640 more of the brand open a line",
            trigger: "div[name=credit_programme_hint]:contains('640')",
        },
        {
            content: "change the line",
            trigger: "div[name=order_line] .o_data_row td[name=product_uom_qty]",
            run: "click",
        },
        {
            content: "three instead of one",
            trigger: "div[name=order_line] div[name=product_uom_qty] input",
            run: "edit 3 && press Tab",
        },
        {
            content: "that is enough",
            trigger: "div[name=credit_programme_hint]:contains('opens')",
        },
        {
            content: "confirm",
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "confirmed",
            trigger: ".o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
