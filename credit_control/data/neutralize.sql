-- a copied database reminds nobody: what waits is for the original to send
UPDATE res_company
   SET credit_dunning_live = FALSE;
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND id IN (SELECT mail_mail_id FROM credit_dunning_message);
UPDATE credit_dunning_message
   SET state = 'cancelled'
 WHERE state = 'queued'
   AND channel IN ('email', 'sms');
-- the table of Odoo's SMS add-on, where it is installed
DO $$
BEGIN
    IF to_regclass('sms_sms') IS NOT NULL THEN
        UPDATE sms_sms
           SET state = 'canceled'
         WHERE state = 'outgoing'
           AND uuid IN (SELECT sms_reference FROM credit_dunning_message);
    END IF;
END $$;
