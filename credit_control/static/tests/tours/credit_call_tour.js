import {registry} from "@web/core/registry";

// The collector's road: a debtor, a promise in two clicks, and the next one.
registry.category("web_tour.tours").add("credit_call", {
    steps: () => [
        {
            content: "the debtor who owes most for longest, and who decides there",
            trigger: ".o_call_head:contains('Tour Debtor')",
        },
        {
            content: "who decides is chosen",
            trigger: ".o_call_person.o_call_chosen:contains('Ann Decides')",
        },
        {
            content: "he promises",
            trigger: "[data-result=promise]",
            run: "click",
        },
        {
            content: "a part of it",
            trigger: ".o_call_amount",
            run: "edit 700",
        },
        {
            content: "for the first day proposed",
            trigger: ".o_call_option:first",
            run: "click",
        },
        {
            content: "the next debtor does not answer",
            trigger: ".o_call_head:contains('Tour Second')",
        },
        {
            content: "no answer",
            trigger: "[data-result=no_answer]",
            run: "click",
        },
        {
            content: "both were called",
            trigger: ".o_call_counts:contains('2 called')",
        },
    ],
});
