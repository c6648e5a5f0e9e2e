-- How an organization stands at an instant: an agreement that has come to its end is over, whether or not a job has been there.
CREATE OR REPLACE FUNCTION status_at(organization text, status text, at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN status <> 'terminated' AND EXISTS (SELECT FROM agreements
    WHERE organization_id = organization AND ended_at IS NULL AND ends_at <= at) THEN 'terminated' ELSE status END
$$;

-- An organization's first agreement begins with the first use of the service or with the first acceptance that binds it,
-- whichever comes first (T-1-EFF), and then keeps its beginning.
CREATE OR REPLACE FUNCTION begin_agreement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'organizations' THEN
    INSERT INTO agreements (organization_id, number, starts_at) VALUES (NEW.id, 1, NEW.first_use_at) ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO agreements (organization_id, number, starts_at) VALUES (NEW.organization_id, 1, NEW.accepted_at)
      ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER organizations_begin_agreement AFTER UPDATE OF first_use_at ON organizations
  FOR EACH ROW WHEN (NEW.first_use_at IS NOT NULL) EXECUTE FUNCTION begin_agreement();

CREATE OR REPLACE TRIGGER organizations_born_in_use AFTER INSERT ON organizations
  FOR EACH ROW WHEN (NEW.first_use_at IS NOT NULL) EXECUTE FUNCTION begin_agreement();

CREATE OR REPLACE TRIGGER acceptances_begin_agreement AFTER INSERT ON acceptances
  FOR EACH ROW WHEN (NEW.binds) EXECUTE FUNCTION begin_agreement();
