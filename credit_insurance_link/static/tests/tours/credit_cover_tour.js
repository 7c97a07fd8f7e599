import {registry} from "@web/core/registry";

// The manager's road: asks for cover, sends it by hand, types what the insurer decided.
registry.category("web_tour.tours").add("credit_cover", {
    steps: () => [
        {
            content: "what the insurer has to do with this customer",
            trigger: "a.nav-link[name=insurance]",
            run: "click",
        },
        {
            content: "ask for cover",
            trigger: "button[name=action_ask_cover]",
            run: "click",
        },
        {
            content: "as much as is needed",
            trigger: ".modal [name=amount] input",
            run: "edit 9000",
        },
        {
            content: "off it goes",
            trigger: ".modal button[name=action_ask]",
            run: "click",
        },
        {
            content: "it waits to be sent",
            trigger: "button[name=action_mark_sent]:contains('Sent by Hand')",
            run: "click",
        },
        {
            content: "the insurer answered by letter",
            trigger: "button:contains('Type the Decision')",
            run: "click",
        },
        {
            content: "less than was asked",
            trigger: ".modal [name=amount] input",
            run: "edit 8000",
        },
        {
            content: "take it in",
            trigger: ".modal button[name=action_take_in]",
            run: "click",
        },
        {
            content: "the request is decided",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Decided')",
        },
    ],
});
