-- follow-ups of a copied database stay in test mode: nothing leaves
UPDATE res_company SET credit_dunning_live = FALSE;
