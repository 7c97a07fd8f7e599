/**
 * An explanation as `credit.profile.check` answers it: two lines of 5,000 and
 * 2,000, an order of 1,500 of which 700 is not covered.
 *
 * @param {Object} [values] what differs from it
 * @returns {Object}
 */
export function makeExplanation(values = {}) {
    return {
        outcome: "hold",
        observed: false,
        managed: true,
        released: false,
        currency_id: 2,
        currency: "EUR",
        digits: 2,
        partner_id: 7,
        partner_name: "Alpes Informatique",
        company_id: 1,
        profile_id: 3,
        document: {model: "sale.order", id: 42, name: "S00042", amount: 1500},
        limit: 7000,
        exposure: 6200,
        available: 800,
        left: -700,
        uncovered: 700,
        over: 700,
        stack: [
            makeLine({key: 11, name: "Own funds", used: 4200, this: 800}),
            makeLine({key: 12, name: "Seasonal", amount: 2000, used: 1500, free: 500}),
        ],
        headline: "700.00 € are not covered.",
        reasons: [
            {code: "uncovered", effect: "hold", text: "Not covered", amount: 700},
        ],
        ways_out: [
            {
                code: "pay_open",
                text: "Ask for payment of INV/2026/00012",
                amount: 500,
                model: "account.move",
                id: 99,
            },
            {
                code: "deposit",
                text: "Take a deposit",
                amount: 700,
                model: false,
                id: false,
            },
        ],
        hold: false,
        can_request: true,
        can_release: false,
        ...values,
    };
}

export function makeLine(values = {}) {
    return {
        key: 11,
        name: "Own funds",
        kind: "own",
        color: "#2f6f8f",
        amount: 5000,
        used: 0,
        this: 0,
        free: 0,
        date_to: false,
        scope: false,
        ...values,
    };
}
