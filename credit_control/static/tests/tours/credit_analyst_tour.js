import {registry} from "@web/core/registry";

// The analyst's road: changes a line with a reason; the hold clears by itself.
registry.category("web_tour.tours").add("credit_analyst", {
    steps: () => [
        {
            content: "change the line",
            trigger: "button[name=action_change]",
            run: "click",
        },
        {
            content: "a higher amount",
            trigger: ".modal div[name=amount] input",
            run: "edit 5000",
        },
        {
            content: "and the reason",
            trigger: ".modal div[name=reason] textarea",
            run: "edit Grows fast",
        },
        {
            content: "apply",
            trigger: ".modal button[name=action_apply]:visible",
            run: "click",
        },
        {
            content: "the change is on record",
            trigger: ".o-mail-Chatter:contains('Grows fast')",
        },
    ],
});
