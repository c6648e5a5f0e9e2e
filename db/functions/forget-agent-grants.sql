-- A member, group or key that is gone loses what was shared with it, and does not get it back by returning.
CREATE OR REPLACE FUNCTION forget_agent_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM agent_grants WHERE organization_id = OLD.organization_id
    AND subject_id = CASE TG_TABLE_NAME WHEN 'members' THEN to_jsonb(OLD) ->> 'user_id' ELSE to_jsonb(OLD) ->> 'id' END;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER members_forget_agent_grants AFTER DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();

CREATE OR REPLACE TRIGGER groups_forget_agent_grants AFTER DELETE ON groups
  FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();

CREATE OR REPLACE TRIGGER keys_forget_agent_grants AFTER DELETE ON keys
  FOR EACH ROW EXECUTE FUNCTION forget_agent_grants();
