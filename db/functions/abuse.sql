-- What monitoring did, of all organizations together. Only this writes the totals, so no one can change them by hand.
CREATE OR REPLACE FUNCTION sum_abuse_months() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  before abuse_months;
BEGIN
  IF TG_OP = 'UPDATE' THEN before := OLD; END IF;
  INSERT INTO abuse_totals AS total (month, rule_scanned, model_scanned, flags, items, opened, dismissed, warned, restricted,
    suspended, legal, expired)
  VALUES (NEW.month, NEW.rule_scanned - coalesce(before.rule_scanned, 0), NEW.model_scanned - coalesce(before.model_scanned, 0),
    NEW.flags - coalesce(before.flags, 0), NEW.items - coalesce(before.items, 0), NEW.opened - coalesce(before.opened, 0),
    NEW.dismissed - coalesce(before.dismissed, 0), NEW.warned - coalesce(before.warned, 0),
    NEW.restricted - coalesce(before.restricted, 0), NEW.suspended - coalesce(before.suspended, 0),
    NEW.legal - coalesce(before.legal, 0), NEW.expired - coalesce(before.expired, 0))
  ON CONFLICT (month) DO UPDATE SET rule_scanned = total.rule_scanned + excluded.rule_scanned,
    model_scanned = total.model_scanned + excluded.model_scanned, flags = total.flags + excluded.flags,
    items = total.items + excluded.items, opened = total.opened + excluded.opened,
    dismissed = total.dismissed + excluded.dismissed, warned = total.warned + excluded.warned,
    restricted = total.restricted + excluded.restricted, suspended = total.suspended + excluded.suspended,
    legal = total.legal + excluded.legal, expired = total.expired + excluded.expired;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER abuse_months_sum AFTER INSERT OR UPDATE ON abuse_months
  FOR EACH ROW EXECUTE FUNCTION sum_abuse_months();

-- A suspension counts when it is in force, whatever it began with: a proposal that is dropped is no one's to hear of.
CREATE OR REPLACE FUNCTION count_suspension() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  INSERT INTO abuse_months AS months (organization_id, month, suspended)
  VALUES (NEW.organization_id, date_trunc('month', NEW.started_at AT TIME ZONE 'UTC')::date, 1)
  ON CONFLICT (organization_id, month) DO UPDATE SET suspended = months.suspended + 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER suspensions_count AFTER UPDATE OF started_at ON suspensions
  FOR EACH ROW WHEN (OLD.started_at IS NULL AND NEW.started_at IS NOT NULL) EXECUTE FUNCTION count_suspension();
