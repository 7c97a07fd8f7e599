import {inputFiles} from "@web/../tests/utils";
import {registry} from "@web/core/registry";

const PORTFOLIO = [
    "N° acheteur;SIREN;Raison sociale;Montant accordé;Statut",
    "1001;404833048;PLUME;30 000,00;Accord",
    ";;Autre SA;12 000,00;Accord",
    "1003;;TROISIEME;9 000,00;À revoir",
].join("\r\n");

// The analyst's road: a file of the insurer's portal, looked at before it counts.
registry.category("web_tour.tours").add("credit_portfolio", {
    steps: () => [
        {
            content: "a new portfolio",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "the file that the insurer's portal gave",
            trigger: "[name=file] .o_select_file_button",
            async run() {
                const file = new File([PORTFOLIO], "portefeuille.csv", {
                    type: "text/csv",
                });
                await inputFiles("[name=file] .o_input_file", [file]);
            },
        },
        {
            content: "it has arrived",
            trigger: "[name=file] input:value(portefeuille.csv)",
        },
        {
            content: "what would it change?",
            trigger: "button[name=action_preview]:contains('Preview')",
            run: "click",
        },
        {
            content: "a word that is not known grants nothing",
            trigger: ".alert-warning:contains('not applied: 1')",
        },
        {
            content: "look at the rows",
            trigger: "button[name=action_open_rows]",
            run: "click",
        },
        {
            content: "the reason is there in words",
            trigger: "td[name=trouble]:contains('not known')",
        },
        {
            content: "the others, too",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "a name only proposes: this one waits for a person",
            trigger: "tr.o_data_row:contains('Autre SA') .o_list_record_selector input",
            run: "click",
        },
        {
            content: "who is it?",
            trigger: ".o_control_panel button:contains('Choose the Customer')",
            run: "click",
        },
        {
            content: "a person says so",
            trigger: ".modal [name=partner_id] input",
            run: "edit Autre SA",
        },
        {
            content: "this one",
            trigger: ".modal .o-autocomplete--dropdown-item:contains('Autre SA')",
            run: "click",
        },
        {
            content: "chosen",
            trigger: ".modal button[name=action_choose]",
            run: "click",
        },
        {
            content: "it is matched",
            trigger: "tr.o_data_row:contains('Autre SA') td:contains('By a Person')",
        },
        {
            content: "back to the file",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "apply",
            trigger: "button[name=action_apply]",
            run: "click",
        },
        {
            content: "yes, cover follows",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "applied",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Applied')",
        },
    ],
});
