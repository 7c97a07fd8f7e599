import {registry} from "@web/core/registry";

// The manager's morning: from a figure to its records, back, and on to a what-if.
registry.category("web_tour.tours").add("credit_cockpit", {
    steps: () => [
        {
            content: "the charts are drawn",
            trigger: "[data-card=ages] canvas",
        },
        {
            content: "open the lines behind a figure",
            trigger: "[data-tile=lines]:contains('Lines in force')",
            run: "click",
        },
        {
            content: "the line of the debtor is among them",
            trigger: ".o_list_view .o_data_row:contains('Tour Debtor')",
        },
        {
            content: "back to the cockpit",
            trigger:
                ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('Cockpit')",
            run: "click",
        },
        {
            content: "look again",
            trigger: ".o_cockpit_refresh",
            run: "click",
        },
        {
            content: "open the analysis",
            trigger: ".o_menu_sections button:contains('Analysis')",
            run: "click",
        },
        {
            content: "what if",
            trigger:
                ".dropdown-item[data-menu-xmlid='credit_control.credit_simulation_menu']",
            run: "click",
        },
        {
            content: "something would be different",
            trigger: ".o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "all lines cut by 30 percent",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "run",
            trigger: "body:not(:has(.modal)) button[name=action_run]",
            run: "click",
        },
        {
            content: "what would be held is told",
            trigger: ".alert-info:contains('would be held')",
        },
    ],
});
