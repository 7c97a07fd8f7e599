-- a copied database talks to no insurer: no credentials, no address that others know
UPDATE credit_insurance_connection
   SET active = FALSE,
       client_id = NULL,
       client_secret = NULL,
       app_key = NULL,
       api_key = NULL,
       username = NULL,
       password = NULL,
       base_url = NULL,
       webhook_secret = NULL,
       breaker_state = 'locked',
       breaker_reason = 'copied database';
-- what waits to be sent is asked for by the original, not by its copy
UPDATE credit_cover_request
   SET state = 'draft',
       is_maybe_sent = FALSE
 WHERE state IN ('to_send', 'claimed');
UPDATE credit_agency_order
   SET state = 'refused'
 WHERE state IN ('to_send', 'sending', 'ordered');
-- nor with agencies and registers
UPDATE credit_agency
   SET state = 'off',
       url = NULL,
       username = NULL,
       password = NULL,
       api_key = NULL;
