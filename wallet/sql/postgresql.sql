-- The ledger's guards and its two one-call writers, for PostgreSQL. Installed by wallet/guards.py; every statement
-- may be run again. Refusals have class 23 (integrity).

CREATE OR REPLACE FUNCTION wallet_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % of % is refused', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Accounts ----------------------------------------------------------------------------------------------------------

-- A balance moves only to where the newest entry says it stands; what an account is never changes.
CREATE OR REPLACE FUNCTION wallet_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.balance <> 0 THEN
            RAISE EXCEPTION 'ledger: an account starts empty' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.kind, NEW.owner_id, NEW.currency) IS DISTINCT FROM (OLD.id, OLD.kind, OLD.owner_id, OLD.currency)
    THEN
        RAISE EXCEPTION 'ledger: an account keeps its identity' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.balance IS DISTINCT FROM OLD.balance AND NEW.balance IS DISTINCT FROM
        (SELECT balance_after FROM wallet_entry WHERE account_id = OLD.id ORDER BY id DESC LIMIT 1)
    THEN
        RAISE EXCEPTION 'ledger: a balance moves by entries only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER wallet_account_insert BEFORE INSERT ON wallet_account
    FOR EACH ROW EXECUTE FUNCTION wallet_account_guard();
CREATE OR REPLACE TRIGGER wallet_account_update BEFORE UPDATE ON wallet_account
    FOR EACH ROW EXECUTE FUNCTION wallet_account_guard();
CREATE OR REPLACE TRIGGER wallet_account_delete BEFORE DELETE ON wallet_account
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_account_truncate BEFORE TRUNCATE ON wallet_account
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse();

-- Transactions and entries: append-only, and whole --------------------------------------------------------------------

CREATE OR REPLACE TRIGGER wallet_transaction_update BEFORE UPDATE ON wallet_transaction
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_transaction_delete BEFORE DELETE ON wallet_transaction
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_transaction_truncate BEFORE TRUNCATE ON wallet_transaction
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_entry_update BEFORE UPDATE ON wallet_entry
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_entry_delete BEFORE DELETE ON wallet_entry
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_entry_truncate BEFORE TRUNCATE ON wallet_entry
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse();

-- All entries of a transaction come in one statement, as many as it announced, in one currency, summing to zero.
-- Then, and only so, the balances move.
CREATE OR REPLACE FUNCTION wallet_entries_apply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        WHERE e.transaction_id IN (SELECT transaction_id FROM fresh)
        GROUP BY t.id, t.legs
        HAVING sum(e.amount) <> 0 OR count(*) <> t.legs OR min(a.currency) <> max(a.currency)
            OR count(*) <> (SELECT count(*) FROM fresh f WHERE f.transaction_id = t.id)
    ) THEN
        RAISE EXCEPTION 'ledger: the entries of a transaction come together and sum to zero'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE wallet_account a SET balance = a.balance + f.amount
        FROM fresh f WHERE a.id = f.account_id AND a.balance IS NOT NULL;
    IF EXISTS (
        SELECT 1 FROM fresh f JOIN wallet_account a ON a.id = f.account_id
        WHERE f.balance_after IS DISTINCT FROM a.balance
    ) THEN
        RAISE EXCEPTION 'ledger: an entry misstates the balance after it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER wallet_entry_insert AFTER INSERT ON wallet_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION wallet_entries_apply();

-- At commit every new transaction has its entries.
CREATE OR REPLACE FUNCTION wallet_transaction_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT (count(*), coalesce(sum(amount), 0)) FROM wallet_entry WHERE transaction_id = NEW.id)
        IS DISTINCT FROM (NEW.legs::bigint, 0::numeric)
    THEN
        RAISE EXCEPTION 'ledger: a transaction without its entries' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS wallet_transaction_whole ON wallet_transaction;
CREATE CONSTRAINT TRIGGER wallet_transaction_whole AFTER INSERT ON wallet_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wallet_transaction_whole();

-- Red envelopes and shares --------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION wallet_redenvelope_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT 1 FROM wallet_entry e
            JOIN wallet_transaction t ON t.id = e.transaction_id
            JOIN wallet_account a ON a.id = e.account_id
            WHERE t.id = NEW.transaction_id AND t.kind = 'red_envelope' AND a.owner_id = NEW.sender_id
                AND a.currency = NEW.currency AND e.amount = -NEW.amount
        ) THEN
            RAISE EXCEPTION 'ledger: a red envelope that nobody paid for'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.sender_id, NEW.kind, NEW.amount, NEW.currency, NEW.share_count, NEW.share_max, NEW.scope,
        NEW.seed, NEW.transaction_id)
        IS DISTINCT FROM (OLD.id, OLD.sender_id, OLD.kind, OLD.amount, OLD.currency, OLD.share_count, OLD.share_max,
        OLD.scope, OLD.seed, OLD.transaction_id)
        OR (OLD.commitment <> '' AND NEW.commitment <> OLD.commitment)
        OR (OLD.refunded_at IS NOT NULL
            AND (NEW.refunded_at, NEW.refund_transaction_id) IS DISTINCT FROM (OLD.refunded_at, OLD.refund_transaction_id))
    THEN
        RAISE EXCEPTION 'ledger: a red envelope keeps what it was sent with'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER wallet_redenvelope_insert BEFORE INSERT ON wallet_redenvelope
    FOR EACH ROW EXECUTE FUNCTION wallet_redenvelope_guard();
CREATE OR REPLACE TRIGGER wallet_redenvelope_update BEFORE UPDATE ON wallet_redenvelope
    FOR EACH ROW EXECUTE FUNCTION wallet_redenvelope_guard();
CREATE OR REPLACE TRIGGER wallet_redenvelope_delete BEFORE DELETE ON wallet_redenvelope
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_redenvelope_truncate BEFORE TRUNCATE ON wallet_redenvelope
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse();

-- All shares of an envelope come in one statement and make up its amount.
CREATE OR REPLACE FUNCTION wallet_shares_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM wallet_share s
        JOIN wallet_redenvelope r ON r.id = s.envelope_id
        WHERE s.envelope_id IN (SELECT envelope_id FROM fresh)
        GROUP BY r.id, r.amount, r.share_count
        HAVING sum(s.amount) <> r.amount OR count(*) <> r.share_count
    ) OR EXISTS (SELECT 1 FROM fresh WHERE claimed_by_id IS NOT NULL OR refund_transaction_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'ledger: the shares of a red envelope come together and make up its amount'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- A free share ends once: with the entry that paid it to the one who claimed it, or with the sender's refund.
CREATE OR REPLACE FUNCTION wallet_share_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.envelope_id, NEW.place, NEW.amount)
        IS DISTINCT FROM (OLD.id, OLD.envelope_id, OLD.place, OLD.amount)
        OR OLD.claimed_by_id IS NOT NULL OR OLD.refund_transaction_id IS NOT NULL
    THEN
        RAISE EXCEPTION 'ledger: a share ends once, with the amount it was cut with'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.claimed_by_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        WHERE t.id = NEW.claim_transaction_id AND t.kind = 'claim' AND a.owner_id = NEW.claimed_by_id
            AND e.amount = NEW.amount
    ) OR NEW.refund_transaction_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM wallet_entry e
        JOIN wallet_transaction t ON t.id = e.transaction_id
        JOIN wallet_account a ON a.id = e.account_id
        JOIN wallet_redenvelope r ON r.id = NEW.envelope_id
        WHERE t.id = NEW.refund_transaction_id AND t.kind = 'refund' AND a.owner_id = r.sender_id
            AND e.amount >= NEW.amount
    ) THEN
        RAISE EXCEPTION 'ledger: a share that was not paid out' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER wallet_share_insert AFTER INSERT ON wallet_share
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION wallet_shares_guard();
CREATE OR REPLACE TRIGGER wallet_share_update BEFORE UPDATE ON wallet_share
    FOR EACH ROW EXECUTE FUNCTION wallet_share_guard();
CREATE OR REPLACE TRIGGER wallet_share_delete BEFORE DELETE ON wallet_share
    FOR EACH ROW EXECUTE FUNCTION wallet_refuse();
CREATE OR REPLACE TRIGGER wallet_share_truncate BEFORE TRUNCATE ON wallet_share
    FOR EACH STATEMENT EXECUTE FUNCTION wallet_refuse();

-- Writers ---------------------------------------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION wallet_account_of(p_kind text, p_owner bigint, p_currency text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    v_id bigint;
BEGIN
    LOOP
        IF p_kind = 'user' THEN
            SELECT id INTO v_id FROM wallet_account
                WHERE kind = 'user' AND owner_id = p_owner AND currency = p_currency;
        ELSE
            SELECT id INTO v_id FROM wallet_account
                WHERE kind = p_kind AND owner_id IS NULL AND currency = p_currency;
        END IF;
        IF v_id IS NOT NULL THEN
            RETURN v_id;
        END IF;
        INSERT INTO wallet_account (kind, owner_id, currency, balance, frozen)
            VALUES (p_kind, p_owner, p_currency, CASE WHEN p_kind = 'user' THEN 0 END, false)
            ON CONFLICT DO NOTHING;
    END LOOP;
END $$;

-- What stands under this key: nothing (no row), the same request, or another one.
CREATE OR REPLACE FUNCTION wallet_known(p_actor bigint, p_key text, p_hash bytea)
RETURNS TABLE (outcome text, posted bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_actor IS NULL THEN
        RETURN QUERY SELECT CASE WHEN t.request_hash = p_hash THEN 'replayed' ELSE 'mismatch' END, t.id
            FROM wallet_transaction t WHERE t.actor_id IS NULL AND t.key = p_key;
    ELSE
        RETURN QUERY SELECT CASE WHEN t.request_hash = p_hash THEN 'replayed' ELSE 'mismatch' END, t.id
            FROM wallet_transaction t WHERE t.actor_id = p_actor AND t.key = p_key;
    END IF;
END $$;

-- One posting. The accounts of people are locked in the order of their ids before anything is decided; a refusal
-- writes nothing, so no savepoint is needed around it.
CREATE OR REPLACE FUNCTION wallet_post(
    p_kind text, p_actor bigint, p_key text, p_hash bytea, p_currency text,
    p_kinds text[], p_owners bigint[], p_amounts bigint[],
    OUT outcome text, OUT posted bigint
) LANGUAGE plpgsql AS $$
DECLARE
    v_accounts bigint[];
    v_frozen boolean;
    v_short boolean;
BEGIN
    SELECT array_agg(wallet_account_of(leg.kind, leg.owner_id, p_currency) ORDER BY leg.place) INTO v_accounts
        FROM unnest(p_kinds, p_owners) WITH ORDINALITY AS leg (kind, owner_id, place);
    PERFORM 1 FROM wallet_account a WHERE a.id = ANY (v_accounts) AND a.balance IS NOT NULL
        ORDER BY a.id FOR NO KEY UPDATE;
    SELECT k.outcome, k.posted INTO outcome, posted FROM wallet_known(p_actor, p_key, p_hash) k;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(bool_or(a.frozen AND leg.amount < 0), false), coalesce(bool_or(a.balance + leg.amount < 0), false)
        INTO v_frozen, v_short
        FROM unnest(v_accounts, p_amounts) AS leg (account_id, amount) JOIN wallet_account a ON a.id = leg.account_id;
    IF v_frozen OR v_short THEN
        outcome := CASE WHEN v_frozen THEN 'frozen' ELSE 'insufficient' END;
        RETURN;
    END IF;
    INSERT INTO wallet_transaction (kind, actor_id, key, request_hash, legs, created_at)
        VALUES (p_kind, p_actor, p_key, p_hash, cardinality(p_amounts), now())
        ON CONFLICT DO NOTHING RETURNING id INTO posted;
    IF posted IS NULL THEN -- the same key, on other accounts, at the same moment
        SELECT k.outcome, k.posted INTO outcome, posted FROM wallet_known(p_actor, p_key, p_hash) k;
        RETURN;
    END IF;
    INSERT INTO wallet_entry (transaction_id, account_id, amount, balance_after)
        SELECT posted, a.id, leg.amount, a.balance + leg.amount
        FROM unnest(v_accounts, p_amounts) AS leg (account_id, amount) JOIN wallet_account a ON a.id = leg.account_id;
    outcome := 'posted';
END $$;

-- One claim. Grabbers pass by shares that others are just taking. Only when nothing else is left do they wait, since
-- a share in flight may yet come free.
CREATE OR REPLACE FUNCTION wallet_claim(
    p_envelope bigint, p_person bigint, p_key text, p_hash bytea,
    OUT outcome text, OUT share_id bigint, OUT share_place smallint, OUT share_amount bigint,
    OUT share_claimed_at timestamptz, OUT posted bigint
) LANGUAGE plpgsql AS $$
DECLARE
    v_envelope record;
BEGIN
    SELECT r.currency, r.expires_at INTO v_envelope FROM wallet_redenvelope r WHERE r.id = p_envelope;
    IF NOT FOUND THEN
        outcome := 'missing';
        RETURN;
    END IF;
    LOOP
        SELECT 'replayed', s.id, s.place, s.amount, s.claimed_at, s.claim_transaction_id
            INTO outcome, share_id, share_place, share_amount, share_claimed_at, posted
            FROM wallet_share s WHERE s.envelope_id = p_envelope AND s.claimed_by_id = p_person;
        IF FOUND THEN
            RETURN;
        END IF;
        outcome := NULL;
        SELECT s.id, s.place, s.amount INTO share_id, share_place, share_amount FROM wallet_share s
            WHERE s.envelope_id = p_envelope AND s.claimed_by_id IS NULL AND s.refund_transaction_id IS NULL
            ORDER BY s.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        IF NOT FOUND THEN
            SELECT s.id, s.place, s.amount INTO share_id, share_place, share_amount FROM wallet_share s
                WHERE s.envelope_id = p_envelope AND s.claimed_by_id IS NULL AND s.refund_transaction_id IS NULL
                ORDER BY s.id LIMIT 1 FOR NO KEY UPDATE;
        END IF;
        EXIT WHEN FOUND;
        -- A waiter whose row was taken gets none although others may be left: look again before giving up.
        IF NOT EXISTS (
            SELECT 1 FROM wallet_share s
            WHERE s.envelope_id = p_envelope AND s.claimed_by_id IS NULL AND s.refund_transaction_id IS NULL
        ) THEN
            outcome := CASE WHEN EXISTS (
                SELECT 1 FROM wallet_share s
                WHERE s.envelope_id = p_envelope AND s.refund_transaction_id IS NOT NULL
            ) THEN 'expired' ELSE 'empty' END;
            RETURN;
        END IF;
    END LOOP;
    IF v_envelope.expires_at <= clock_timestamp() THEN
        outcome := 'expired';
        RETURN;
    END IF;
    SELECT p.outcome, p.posted INTO outcome, posted FROM wallet_post(
        'claim', p_person, p_key, p_hash, v_envelope.currency,
        ARRAY['escrow', 'user'], ARRAY[NULL, p_person]::bigint[], ARRAY[-share_amount, share_amount]
    ) p;
    IF outcome = 'replayed' THEN -- the same person, on another connection, a moment earlier
        SELECT s.id, s.place, s.amount, s.claimed_at INTO share_id, share_place, share_amount, share_claimed_at
            FROM wallet_share s WHERE s.claim_transaction_id = posted;
        RETURN;
    ELSIF outcome <> 'posted' THEN
        RETURN;
    END IF;
    share_claimed_at := clock_timestamp();
    UPDATE wallet_share SET claimed_by_id = p_person, claimed_at = share_claimed_at, claim_transaction_id = posted
        WHERE id = share_id;
    outcome := 'claimed';
END $$;
