import {registry} from "@web/core/registry";

// The manager's road: what if all lines were cut?
registry.category("web_tour.tours").add("credit_what_if", {
    steps: () => [
        {
            content: "say what would change",
            trigger: "div[name=change_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "all lines are cut",
            trigger: ".modal div[name=what] .o_radio_item:contains('Cut') input",
            run: "click",
        },
        {
            content: "by 60 percent",
            trigger: ".modal div[name=percent] input",
            run: "edit 60 && press Tab",
        },
        {
            content: "that is it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the change is a sentence",
            trigger: "div[name=change_ids] td:contains('60')",
        },
        {
            content: "look",
            trigger: "button[name=action_run]:visible",
            run: "click",
        },
        {
            content: "one order would be held; open it",
            trigger: "button[name=action_open_held]:contains('1')",
            run: "click",
        },
        {
            content: "it is the tour's order",
            trigger: ".o_list_view .o_data_row:contains('Tour Debtor')",
        },
    ],
});
