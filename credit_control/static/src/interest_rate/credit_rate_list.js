import {onWillStart, useState} from "@odoo/owl";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** The list of late-interest rates, which says what will be missing. */
export class CreditRateRenderer extends ListRenderer {
    static template = "credit_control.RateListRenderer";

    setup() {
        super.setup();
        const orm = useService("orm");
        this.warning = useState({text: ""});
        onWillStart(async () => {
            this.warning.text = await orm.call(
                "credit.interest.rate",
                "get_warning",
                []
            );
        });
    }
}

registry.category("views").add("credit_rate_list", {
    ...listView,
    Renderer: CreditRateRenderer,
});
