import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

const row = (kind) => `.o_data_row:has(.o_data_cell[name=kind]:contains('${kind}'))`;
const receipt = (number) => [
    {
        content: "the insurer's number",
        trigger: ".modal [name=number] input",
        run: `edit ${number}`,
    },
    {
        content: "and his receipt",
        trigger: ".modal .o_file_input_trigger",
        async run() {
            await inputFiles(".modal input.o_input_file", [
                new File(["receipt"], "receipt.txt", {type: "text/plain"}),
            ]);
        },
    },
    {
        content: "the file is there",
        trigger: ".modal .o_attachment:contains('receipt.txt')",
    },
    {
        content: "record it",
        trigger: ".modal button[name=action_apply]",
        run: "click",
    },
];

// The manager's board: what was missed, what expires next, told and acknowledged.
registry.category("web_tour.tours").add("credit_duty", {
    steps: () => [
        {
            content: "what was missed comes first",
            trigger: `.o_data_row:first:has(.o_data_cell[name=status]:contains('Missed'))`,
        },
        {
            content: "the notice expires next",
            trigger: `${row("Notice of Overdue")} button[name=action_work]`,
            run: "click",
        },
        {
            content: "it holds the open insured invoices, and went into the portal",
            trigger:
                ".o_form_view:has([name=line_ids] .o_data_row) button[name=action_sent]",
            run: "click",
        },
        {
            content: "knowing that sent is not received",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the insurer confirms",
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        ...receipt("OVD-12"),
        {
            content: "the insurer has it",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Received by the Insurer')",
        },
        {
            content: "back to the board",
            trigger: ".breadcrumb-item a:contains('Duties'), .o_back_button",
            run: "click",
        },
        {
            content: "it is done, what was missed is still there",
            trigger: `.o_list_view:not(:has(${row("Notice of Overdue")})) ${row("Stop of Cover")} .text-bg-danger`,
        },
    ],
});

// From the duty to the claim that the insurer received.
registry.category("web_tour.tours").add("credit_claim", {
    steps: () => [
        {
            content: "the claim is due",
            trigger: `${row("Claim Filing")} button[name=action_work]`,
            run: "click",
        },
        {
            content: "what the policy asks for",
            trigger: "a.nav-link[name=documents]",
            run: "click",
        },
        {
            content: "what is on record here need not be looked for",
            trigger: "button[name=action_gather]",
            run: "click",
        },
        {
            content: "the invoices are there, the terms are not",
            trigger:
                "[name=document_ids]:has(.o_attachment) .o_data_row:contains('General terms') [name=explanation]",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".o_selected_row [name=explanation] input",
            run: "edit Printed on each invoice",
        },
        {
            content: "work it out with what is owed now",
            trigger: "button[name=action_compute]",
            run: "click",
        },
        {
            content: "nothing is missing any more",
            trigger: ".o_form_view:not(:has(.alert-warning)) button[name=action_file]",
            run: "click",
        },
        {
            content: "it stays as it is from now on",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "the insurer answers",
            trigger: "button[name=action_answer]",
            run: "click",
        },
        ...receipt("S-5"),
        {
            content: "he has it and looks at it",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Under Review')",
        },
    ],
});
