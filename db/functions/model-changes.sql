-- The announced end of a model (T-4.2.1-DISC1): when it was announced is fixed, its date moves only later, and what replaces
-- it is served and lives longer. One lock for all of them, because two announcements can concern each other's models.
CREATE OR REPLACE FUNCTION guard_model_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('model_changes'));
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.model_id, NEW.announced_at) IS DISTINCT FROM (OLD.id, OLD.model_id, OLD.announced_at) THEN
      RAISE EXCEPTION 'What was announced about a model is fixed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.retires_at < OLD.retires_at THEN
      RAISE EXCEPTION 'A model can only retire later than was announced' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.retired_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
      RAISE EXCEPTION 'A model that has retired stays retired' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.retires_at, NEW.replacement) IS NOT DISTINCT FROM (OLD.retires_at, OLD.replacement) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM models WHERE id = NEW.replacement AND available)
    OR EXISTS (SELECT FROM model_changes WHERE model_id = NEW.replacement AND retires_at <= NEW.retires_at)
    OR EXISTS (SELECT FROM model_changes WHERE replacement = NEW.model_id AND id <> NEW.id AND retired_at IS NULL
      AND retires_at >= NEW.retires_at) THEN
    RAISE EXCEPTION 'What replaces a model must be served and live longer than it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER model_changes_guard BEFORE INSERT OR UPDATE ON model_changes
  FOR EACH ROW EXECUTE FUNCTION guard_model_change();
