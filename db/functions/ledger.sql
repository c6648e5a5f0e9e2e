-- The books keep themselves: every transaction sums to zero, and an issued document stays as it was issued. It holds for
-- every role, whatever the code above does.

-- Its argument is the column that names the transaction.
CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  its_transaction text := to_jsonb(NEW) ->> TG_ARGV[0];
  entries integer;
  difference bigint;
BEGIN
  SELECT count(*), coalesce(sum(amount_cents), 0) INTO entries, difference FROM ledger_entries
    WHERE organization_id = NEW.organization_id AND transaction_id = its_transaction;
  IF entries < 2 OR difference <> 0 THEN
    RAISE EXCEPTION 'ledger transaction % does not balance: % entries, % cents', its_transaction, entries, difference
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

-- There is no CREATE OR REPLACE for constraint triggers.
DROP TRIGGER IF EXISTS ledger_entries_balance ON ledger_entries;
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced('transaction_id');
DROP TRIGGER IF EXISTS ledger_transactions_balance ON ledger_transactions;
CREATE CONSTRAINT TRIGGER ledger_transactions_balance AFTER INSERT ON ledger_transactions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced('id');

-- An issued document: its state and tallies go on, its bytes come once, everything else stays.
CREATE OR REPLACE FUNCTION refuse_other_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  goes_on text[] := ARRAY['state', 'paid_cents', 'credited_cents', 'credit_used_cents', 'disputed_cents', 'paid_at', 'due_at',
    'pdf_sha256', 'rendered_at'];
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - goes_on <> to_jsonb(OLD) - goes_on OR OLD.pdf_sha256 <> NEW.pdf_sha256
    OR (OLD.due_at IS DISTINCT FROM NEW.due_at AND NEW.due_at < OLD.due_at) THEN
    RAISE EXCEPTION 'invoice % is issued and stays as it is', OLD.number;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER invoices_frozen BEFORE UPDATE OR DELETE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_other_document();

-- A document's lines and taxes are its amounts, so none can be added later either. The argument names the document.
CREATE OR REPLACE FUNCTION refuse_other_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  its_invoice text := to_jsonb(NEW) ->> TG_ARGV[0];
  made invoices;
  lines bigint;
  bases bigint;
  taxes bigint;
BEGIN
  SELECT * INTO made FROM invoices WHERE organization_id = NEW.organization_id AND id = its_invoice;
  SELECT coalesce(sum(amount_cents), 0) INTO lines FROM invoice_lines WHERE organization_id = NEW.organization_id AND invoice_id = its_invoice;
  SELECT coalesce(sum(base_cents), 0), coalesce(sum(tax_cents), 0) INTO bases, taxes FROM invoice_taxes
    WHERE organization_id = NEW.organization_id AND invoice_id = its_invoice;
  IF lines <> made.net_cents OR bases <> made.net_cents OR taxes <> made.tax_cents THEN
    RAISE EXCEPTION 'invoice % does not add up: lines %, bases %, net %, taxes %, tax %', made.number, lines, bases, made.net_cents, taxes, made.tax_cents
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS invoices_add_up ON invoices;
CREATE CONSTRAINT TRIGGER invoices_add_up AFTER INSERT ON invoices
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_other_sums('id');
DROP TRIGGER IF EXISTS invoice_lines_add_up ON invoice_lines;
CREATE CONSTRAINT TRIGGER invoice_lines_add_up AFTER INSERT ON invoice_lines
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_other_sums('invoice_id');
DROP TRIGGER IF EXISTS invoice_taxes_add_up ON invoice_taxes;
CREATE CONSTRAINT TRIGGER invoice_taxes_add_up AFTER INSERT ON invoice_taxes
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_other_sums('invoice_id');

-- An order that two people approved stays as it is; it can be superseded or withdrawn as a whole.
CREATE OR REPLACE FUNCTION refuse_other_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  goes_on text[] := ARRAY['state', 'ended_at', 'position'];
BEGIN
  IF OLD.activated_at IS NOT NULL AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - goes_on <> to_jsonb(OLD) - goes_on) THEN
    RAISE EXCEPTION 'order % is active and stays as it is', OLD.number;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE TRIGGER purchase_orders_frozen BEFORE UPDATE OR DELETE ON purchase_orders
  FOR EACH ROW EXECUTE FUNCTION refuse_other_order();

CREATE OR REPLACE FUNCTION refuse_other_terms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed order_terms := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF EXISTS (SELECT FROM purchase_orders WHERE organization_id = changed.organization_id AND id = changed.order_id AND activated_at IS NOT NULL) THEN
    RAISE EXCEPTION 'the terms of an active order stay as they are';
  END IF;
  RETURN changed;
END $$;

CREATE OR REPLACE TRIGGER order_terms_frozen BEFORE INSERT OR UPDATE OR DELETE ON order_terms
  FOR EACH ROW EXECUTE FUNCTION refuse_other_terms();
