import {registry} from "@web/core/registry";

// The accountant's road: a dry run, a look at a message, then sending in test mode.
registry.category("web_tour.tours").add("credit_dunning", {
    steps: () => [
        {
            content: "a new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "prepare it",
            trigger: "button[name=action_prepare]:visible",
            run: "click",
        },
        {
            content: "the message of the late customer is there",
            trigger: "div[name=notice_ids] .o_data_row:contains('Tour Debtor')",
        },
        {
            content: "nothing leaves in test mode",
            trigger: "div[name=test_banner]:contains('nothing leaves')",
        },
        {
            content: "all messages, by level",
            trigger: "button[name=action_open_notices]",
            run: "click",
        },
        {
            content: "of the first step",
            trigger: ".o_group_header:contains('Tour step')",
            run: "click",
        },
        {
            content: "look at one",
            trigger: ".o_data_row .o_data_cell:contains('Tour Debtor')",
            run: "click",
        },
        {
            content: "its items",
            trigger: "div[name=item_ids] .o_data_row:contains('Tour step')",
        },
        {
            content: "back to the run",
            trigger: ".o_field_widget[name=run_id] a",
            run: "click",
        },
        {
            content: "send: a test",
            trigger: "button[name=action_send]:visible:contains('Test Sending')",
            run: "click",
        },
        {
            content: "done",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')",
        },
    ],
});
