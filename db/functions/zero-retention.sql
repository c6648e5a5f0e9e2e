-- T-4.2.2.2-ZDR4: whether nothing of a workspace may be kept. The answer holds until the transaction that asked ends: who
-- puts it under zero retention waits for that, and whoever asks after it gets the new one. So nothing is stored after its commit.
CREATE OR REPLACE FUNCTION is_zero_retention(organization text, workspace text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT coalesce((SELECT organizations.zero_retention_since IS NOT NULL OR workspaces.zero_retention_since IS NOT NULL
    FROM organizations JOIN workspaces ON workspaces.organization_id = organizations.id
    WHERE organizations.id = organization AND workspaces.id = workspace FOR SHARE), true)
$$;

-- The second line: whatever a process remembers or a statement leaves out.
CREATE OR REPLACE FUNCTION refuse_under_zero_retention() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_zero_retention(NEW.organization_id, NEW.workspace_id) THEN
    RAISE EXCEPTION '% keeps nothing of a workspace under zero retention', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER contents_zero_retention BEFORE INSERT ON contents
  FOR EACH ROW EXECUTE FUNCTION refuse_under_zero_retention();
