-- The ledger's guards for SQLite. Installed by wallet/guards.py. Each row is judged as it comes: where PostgreSQL looks
-- at a statement as a whole, here the last entry of a transaction settles it, and until then no balance moves.

-- Accounts ----------------------------------------------------------------------------------------------------------

CREATE TRIGGER wallet_account_insert BEFORE INSERT ON wallet_account
WHEN NEW.balance <> 0 OR EXISTS (SELECT 1 FROM wallet_account WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM wallet_account
        WHERE kind = NEW.kind AND owner_id IS NEW.owner_id AND currency = NEW.currency)
BEGIN
    SELECT RAISE(ABORT, 'ledger: an account starts empty, and once');
END;

CREATE TRIGGER wallet_account_identity BEFORE UPDATE ON wallet_account
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.owner_id IS NOT OLD.owner_id
    OR NEW.currency IS NOT OLD.currency
BEGIN
    SELECT RAISE(ABORT, 'ledger: an account keeps its identity');
END;

CREATE TRIGGER wallet_account_update BEFORE UPDATE ON wallet_account
WHEN NEW.balance IS NOT OLD.balance AND NEW.balance IS NOT
    (SELECT balance_after FROM wallet_entry WHERE account_id = OLD.id ORDER BY id DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'ledger: a balance moves by entries only');
END;

CREATE TRIGGER wallet_account_delete BEFORE DELETE ON wallet_account
BEGIN
    SELECT RAISE(ABORT, 'ledger: delete of wallet_account is refused');
END;

-- Transactions and entries: append-only, and whole --------------------------------------------------------------------

-- The EXISTS stop INSERT OR REPLACE, which deletes without asking the triggers for deletion.
CREATE TRIGGER wallet_transaction_insert BEFORE INSERT ON wallet_transaction
WHEN EXISTS (SELECT 1 FROM wallet_transaction WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM wallet_transaction WHERE key = NEW.key AND actor_id = NEW.actor_id)
    OR EXISTS (SELECT 1 FROM wallet_transaction WHERE key = NEW.key AND actor_id IS NULL AND NEW.actor_id IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'ledger: this transaction stands');
END;

CREATE TRIGGER wallet_transaction_update BEFORE UPDATE ON wallet_transaction
BEGIN
    SELECT RAISE(ABORT, 'ledger: update of wallet_transaction is refused');
END;

CREATE TRIGGER wallet_transaction_delete BEFORE DELETE ON wallet_transaction
BEGIN
    SELECT RAISE(ABORT, 'ledger: delete of wallet_transaction is refused');
END;

CREATE TRIGGER wallet_entry_insert BEFORE INSERT ON wallet_entry
WHEN typeof(NEW.amount) <> 'integer' OR typeof(NEW.balance_after) NOT IN ('integer', 'null')
    OR EXISTS (SELECT 1 FROM wallet_entry WHERE id = NEW.id)
    OR (SELECT count(*) FROM wallet_entry WHERE transaction_id = NEW.transaction_id)
        >= coalesce((SELECT legs FROM wallet_transaction WHERE id = NEW.transaction_id), 0)
BEGIN
    SELECT RAISE(ABORT, 'ledger: this transaction has all its entries, or the entry is malformed');
END;

CREATE TRIGGER wallet_entry_apply AFTER INSERT ON wallet_entry
WHEN (SELECT count(*) FROM wallet_entry WHERE transaction_id = NEW.transaction_id)
    = (SELECT legs FROM wallet_transaction WHERE id = NEW.transaction_id)
BEGIN
    SELECT RAISE(ABORT, 'ledger: the entries of a transaction sum to zero, in one currency')
    WHERE (SELECT sum(e.amount) <> 0 OR count(DISTINCT a.currency) <> 1
        FROM wallet_entry e JOIN wallet_account a ON a.id = e.account_id
        WHERE e.transaction_id = NEW.transaction_id);
    UPDATE wallet_account
        SET balance = balance + (SELECT e.amount FROM wallet_entry e
            WHERE e.transaction_id = NEW.transaction_id AND e.account_id = wallet_account.id)
        WHERE balance IS NOT NULL
            AND id IN (SELECT e.account_id FROM wallet_entry e WHERE e.transaction_id = NEW.transaction_id);
    SELECT RAISE(ABORT, 'ledger: an entry misstates the balance after it')
    WHERE EXISTS (SELECT 1 FROM wallet_entry e JOIN wallet_account a ON a.id = e.account_id
        WHERE e.transaction_id = NEW.transaction_id AND e.balance_after IS NOT a.balance);
END;

CREATE TRIGGER wallet_entry_update BEFORE UPDATE ON wallet_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger: update of wallet_entry is refused');
END;

CREATE TRIGGER wallet_entry_delete BEFORE DELETE ON wallet_entry
BEGIN
    SELECT RAISE(ABORT, 'ledger: delete of wallet_entry is refused');
END;

-- Red envelopes and shares --------------------------------------------------------------------------------------------

CREATE TRIGGER wallet_redenvelope_insert BEFORE INSERT ON wallet_redenvelope
WHEN EXISTS (SELECT 1 FROM wallet_redenvelope WHERE id = NEW.id OR transaction_id = NEW.transaction_id)
    OR NOT EXISTS (SELECT 1 FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        WHERE t.id = NEW.transaction_id AND t.kind = 'red_envelope' AND a.owner_id = NEW.sender_id
            AND a.currency = NEW.currency AND e.amount = -NEW.amount)
BEGIN
    SELECT RAISE(ABORT, 'ledger: a red envelope that nobody paid for');
END;

CREATE TRIGGER wallet_redenvelope_update BEFORE UPDATE ON wallet_redenvelope
WHEN NEW.id IS NOT OLD.id OR NEW.sender_id IS NOT OLD.sender_id OR NEW.kind IS NOT OLD.kind
    OR NEW.amount IS NOT OLD.amount OR NEW.currency IS NOT OLD.currency OR NEW.share_count IS NOT OLD.share_count
    OR NEW.share_max IS NOT OLD.share_max OR NEW.scope IS NOT OLD.scope OR NEW.seed IS NOT OLD.seed
    OR NEW.transaction_id IS NOT OLD.transaction_id
    OR (OLD.commitment <> '' AND NEW.commitment IS NOT OLD.commitment)
    OR (OLD.refunded_at IS NOT NULL AND (NEW.refunded_at IS NOT OLD.refunded_at
        OR NEW.refund_transaction_id IS NOT OLD.refund_transaction_id))
    OR EXISTS (SELECT 1 FROM wallet_redenvelope
        WHERE id <> OLD.id AND refund_transaction_id = NEW.refund_transaction_id)
BEGIN
    SELECT RAISE(ABORT, 'ledger: a red envelope keeps what it was sent with');
END;

CREATE TRIGGER wallet_redenvelope_delete BEFORE DELETE ON wallet_redenvelope
BEGIN
    SELECT RAISE(ABORT, 'ledger: delete of wallet_redenvelope is refused');
END;

CREATE TRIGGER wallet_share_insert BEFORE INSERT ON wallet_share
WHEN typeof(NEW.amount) <> 'integer' OR NEW.claimed_by_id IS NOT NULL OR NEW.refund_transaction_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM wallet_share WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM wallet_share WHERE envelope_id = NEW.envelope_id AND place = NEW.place)
    OR (SELECT count(*) FROM wallet_share WHERE envelope_id = NEW.envelope_id)
        >= coalesce((SELECT share_count FROM wallet_redenvelope WHERE id = NEW.envelope_id), 0)
BEGIN
    SELECT RAISE(ABORT, 'ledger: this red envelope has all its shares, or the share is malformed');
END;

CREATE TRIGGER wallet_share_complete AFTER INSERT ON wallet_share
WHEN (SELECT count(*) FROM wallet_share WHERE envelope_id = NEW.envelope_id)
    = (SELECT share_count FROM wallet_redenvelope WHERE id = NEW.envelope_id)
BEGIN
    SELECT RAISE(ABORT, 'ledger: the shares of a red envelope make up its amount')
    WHERE (SELECT sum(amount) FROM wallet_share WHERE envelope_id = NEW.envelope_id)
        <> (SELECT amount FROM wallet_redenvelope WHERE id = NEW.envelope_id);
END;

CREATE TRIGGER wallet_share_update BEFORE UPDATE ON wallet_share
WHEN NEW.id IS NOT OLD.id OR NEW.envelope_id IS NOT OLD.envelope_id OR NEW.place IS NOT OLD.place
    OR NEW.amount IS NOT OLD.amount OR OLD.claimed_by_id IS NOT NULL OR OLD.refund_transaction_id IS NOT NULL
    OR EXISTS (SELECT 1 FROM wallet_share WHERE id <> OLD.id AND claim_transaction_id = NEW.claim_transaction_id)
    OR EXISTS (SELECT 1 FROM wallet_share
        WHERE id <> OLD.id AND envelope_id = OLD.envelope_id AND claimed_by_id = NEW.claimed_by_id)
BEGIN
    SELECT RAISE(ABORT, 'ledger: a share ends once, with the amount it was cut with');
END;

CREATE TRIGGER wallet_share_paid BEFORE UPDATE ON wallet_share
WHEN (NEW.claimed_by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        WHERE t.id = NEW.claim_transaction_id AND t.kind = 'claim' AND a.owner_id = NEW.claimed_by_id
            AND e.amount = NEW.amount))
    OR (NEW.refund_transaction_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        JOIN wallet_redenvelope r ON r.id = NEW.envelope_id
        WHERE t.id = NEW.refund_transaction_id AND t.kind = 'refund' AND a.owner_id = r.sender_id
            AND e.amount >= NEW.amount))
BEGIN
    SELECT RAISE(ABORT, 'ledger: a share that was not paid out');
END;

CREATE TRIGGER wallet_share_delete BEFORE DELETE ON wallet_share
BEGIN
    SELECT RAISE(ABORT, 'ledger: delete of wallet_share is refused');
END;
