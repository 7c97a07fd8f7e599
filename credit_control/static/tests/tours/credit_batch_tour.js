import {registry} from "@web/core/registry";

// The analyst's road to many lines: choose, look, apply.
registry.category("web_tour.tours").add("credit_batch", {
    steps: () => [
        {
            content: "a new batch",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "its name",
            trigger: "div[name=name] input, div[name=name] textarea",
            run: "edit Season",
        },
        {
            content: "only these customers",
            trigger: "div[name=partner_tag_ids] input",
            run: "edit Tour Resellers",
        },
        {
            content: "take the tag",
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Resellers')",
            run: "click",
        },
        {
            content: "twenty percent more",
            trigger: "div[name=percent] input",
            run: "edit 20",
        },
        {
            content: "and why",
            trigger: "div[name=reason] textarea",
            run: "edit Season",
        },
        {
            content: "see what it would do",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "one line changes",
            trigger: "div[name=change_count]:contains('1')",
        },
        {
            content: "apply",
            trigger: "button[name=action_apply]:visible",
            run: "click",
        },
        {
            content: "yes",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "done",
            trigger: "div[name=done] div[name=done_count]:contains('1')",
        },
    ],
});
