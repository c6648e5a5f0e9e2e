-- Whether the law has something of a class kept of a workspace or of the whole organization, and whether the customer was
-- told so; null where nothing is kept. It sees what the person who asks may not.
CREATE OR REPLACE FUNCTION hold_on(organization text, workspace text, class text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT CASE WHEN bool_or(disclosed_at IS NOT NULL) THEN 'told' WHEN count(*) > 0 THEN 'untold' END FROM holds
  WHERE organization_id = organization AND state = 'active' AND (workspace_id IS NULL OR workspace_id = workspace) AND class = ANY (classes)
$$;

CREATE OR REPLACE FUNCTION is_held(organization text, workspace text, class text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT hold_on(organization, workspace, class) IS NOT NULL
$$;

-- T-4.2.2.2-ZDR4: whether nothing of what a workspace asks may be kept. A hold begins to keep it, against the customer's wish.
CREATE OR REPLACE FUNCTION keeps_no_content(organization text, workspace text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT is_zero_retention(organization, workspace) AND NOT is_held(organization, workspace, 'content-log')
$$;

-- What is under a hold is not deleted, whoever asks and for whatever reason; the function's argument is its class.
CREATE OR REPLACE FUNCTION refuse_under_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  workspace text;
BEGIN
  IF TG_TABLE_NAME IN ('conversation_entries', 'responses') THEN
    SELECT workspace_id INTO workspace FROM conversations WHERE organization_id = OLD.organization_id AND id = OLD.conversation_id;
  ELSIF TG_TABLE_NAME = 'agent_versions' THEN
    SELECT workspace_id INTO workspace FROM agents WHERE organization_id = OLD.organization_id AND id = OLD.agent_id;
  ELSE
    workspace := OLD.workspace_id;
  END IF;
  IF is_held(OLD.organization_id, workspace, TG_ARGV[0]) THEN
    RAISE EXCEPTION '% keeps what is under a hold', TG_TABLE_NAME USING ERRCODE = 'HD001';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER conversations_held BEFORE DELETE ON conversations
  FOR EACH ROW EXECUTE FUNCTION refuse_under_hold('conversations');
CREATE OR REPLACE TRIGGER conversation_entries_held BEFORE DELETE ON conversation_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_under_hold('conversations');
CREATE OR REPLACE TRIGGER responses_held BEFORE DELETE ON responses
  FOR EACH ROW EXECUTE FUNCTION refuse_under_hold('conversations');
CREATE OR REPLACE TRIGGER agents_held BEFORE DELETE ON agents
  FOR EACH ROW EXECUTE FUNCTION refuse_under_hold('agents');
CREATE OR REPLACE TRIGGER agent_versions_held BEFORE DELETE ON agent_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_under_hold('agents');

-- The content log has copies: what is copied goes as it would.
CREATE OR REPLACE FUNCTION refuse_uncopied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT FROM holds WHERE organization_id = OLD.organization_id AND state = 'active'
    AND (workspace_id IS NULL OR workspace_id = OLD.workspace_id) AND 'content-log' = ANY (classes)
    AND NOT EXISTS (SELECT FROM held_contents AS copies WHERE copies.organization_id = OLD.organization_id
      AND copies.hold_id = holds.id AND copies.hour = OLD.hour AND copies.id = OLD.id)) THEN
    RAISE EXCEPTION 'contents waits for the copy of a hold' USING ERRCODE = 'HD001';
  END IF;
  RETURN OLD;
END $$;

CREATE OR REPLACE TRIGGER contents_held BEFORE DELETE ON contents
  FOR EACH ROW EXECUTE FUNCTION refuse_uncopied();
