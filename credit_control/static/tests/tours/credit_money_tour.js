import {registry} from "@web/core/registry";

// The accountant: from the aged balance to the items, then what late payers owe.
registry.category("web_tour.tours").add("credit_money", {
    steps: () => [
        {
            content: "the items of the debtor",
            trigger: ".o_aged_table button:contains('Tour Debtor')",
            run: "click",
        },
        {
            content: "its invoice is overdue",
            trigger: ".o_list_view .o_data_row.text-danger",
        },
        {
            content: "open the follow-ups",
            trigger: ".o_menu_sections button:contains('Follow-ups')",
            run: "click",
        },
        {
            content: "late interest",
            trigger:
                ".dropdown-item[data-menu-xmlid='credit_control.credit_interest_claim_menu']",
            run: "click",
        },
        {
            content: "work it out",
            trigger: ".o_control_panel button:contains('Work Out')",
            run: "click",
        },
        {
            content: "for everybody",
            trigger: ".modal button[name=action_propose]",
            run: "click",
        },
        {
            content: "open the proposal",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_data_cell:contains('Tour Debtor')",
            run: "click",
        },
        {
            content: "claim it",
            trigger: ".o_form_view button[name=action_claim]",
            run: "click",
        },
        {
            content: "yes",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "it is booked",
            trigger: "button[name=action_open_move]",
        },
    ],
});
