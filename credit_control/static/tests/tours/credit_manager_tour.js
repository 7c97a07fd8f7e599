import {registry} from "@web/core/registry";

// The manager's road: opens the request from the worklist, releases and confirms.
registry.category("web_tour.tours").add("credit_manager", {
    steps: () => [
        {
            content: "open the request",
            trigger: ".o_kanban_record:contains('Tour Debtor')",
            run: "click",
        },
        {
            content: "read what the salesperson wrote",
            trigger: ".o_form_view:contains('The customer paid this morning')",
        },
        {
            content: "release and confirm",
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
