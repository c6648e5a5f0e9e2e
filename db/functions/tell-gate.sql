-- Every process caches the keys it has looked up. These messages are sent at commit and name what to forget.
CREATE OR REPLACE FUNCTION tell_gate_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'key:' || OLD.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keys_tell_gate
  AFTER UPDATE OF revoked_at, expires_at, scopes, models, addresses, browser, workspace_id, owner_id OR DELETE ON keys
  FOR EACH ROW EXECUTE FUNCTION tell_gate_key();

CREATE OR REPLACE FUNCTION tell_gate_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'organizations' THEN
    PERFORM pg_notify('gate', 'organization:' || OLD.id);
  ELSE
    PERFORM pg_notify('gate', 'organization:' || OLD.organization_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER organizations_tell_gate
  AFTER UPDATE OF plan, status, customer_type, zero_retention_since, web_origins, end_users OR DELETE ON organizations
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER workspaces_tell_gate AFTER UPDATE OF archived_at, zero_retention_since OR DELETE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER zero_retention_requests_tell_gate AFTER UPDATE OF state OR DELETE ON zero_retention_requests
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER holds_tell_gate AFTER UPDATE OF state, disclosed_at OR DELETE ON holds
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER members_tell_gate AFTER UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER workspace_members_tell_gate AFTER UPDATE OR DELETE ON workspace_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER group_members_tell_gate AFTER UPDATE OR DELETE ON group_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER group_roles_tell_gate AFTER UPDATE OR DELETE ON group_roles
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

-- A key acts for its owner, so the cache must also hear of new rights to enter a workspace.
CREATE OR REPLACE FUNCTION tell_gate_organization_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'organization:' || NEW.organization_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER members_come_tell_gate AFTER INSERT ON members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

CREATE OR REPLACE TRIGGER workspace_members_come_tell_gate AFTER INSERT ON workspace_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

CREATE OR REPLACE TRIGGER group_members_come_tell_gate AFTER INSERT ON group_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

CREATE OR REPLACE TRIGGER group_roles_come_tell_gate AFTER INSERT ON group_roles
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

-- Whether the traces of requests leave is read with the key.
CREATE OR REPLACE TRIGGER export_targets_come_tell_gate AFTER INSERT ON export_targets
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

CREATE OR REPLACE TRIGGER export_targets_tell_gate AFTER UPDATE OF is_collecting OR DELETE ON export_targets
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

-- What is known of everything at once is read again as a whole.
CREATE OR REPLACE FUNCTION tell_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', TG_ARGV[0]);
  RETURN NULL;
END $$;

-- Preflights carry no key, so every process knows the origins of all organizations.
CREATE OR REPLACE TRIGGER organizations_tell_origins AFTER UPDATE OF web_origins OR DELETE ON organizations
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('origins');

CREATE OR REPLACE TRIGGER models_tell_gate AFTER INSERT OR UPDATE OR DELETE ON models
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('catalogue');

CREATE OR REPLACE TRIGGER model_aliases_tell_gate AFTER INSERT OR UPDATE OR DELETE ON model_aliases
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('catalogue');

CREATE OR REPLACE TRIGGER model_changes_tell_gate AFTER INSERT OR UPDATE OR DELETE ON model_changes
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('catalogue');

CREATE OR REPLACE TRIGGER alias_moves_tell_gate AFTER INSERT OR UPDATE OR DELETE ON alias_moves
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('catalogue');

CREATE OR REPLACE TRIGGER prices_tell_gate AFTER INSERT ON prices
  FOR EACH STATEMENT EXECUTE FUNCTION tell_gate('catalogue');

CREATE OR REPLACE FUNCTION tell_gate_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed spend_limits := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('gate', 'limit:' || changed.scope_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER spend_limits_tell_gate AFTER INSERT OR UPDATE OR DELETE ON spend_limits
  FOR EACH ROW EXECUTE FUNCTION tell_gate_limit();

CREATE OR REPLACE FUNCTION tell_gate_rates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed rate_overrides := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  PERFORM pg_notify('gate', 'organization:' || changed.organization_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rate_overrides_tell_gate AFTER INSERT OR UPDATE OR DELETE ON rate_overrides
  FOR EACH ROW EXECUTE FUNCTION tell_gate_rates();

-- Whether bills are paid and what an order says is read with the key.
CREATE OR REPLACE TRIGGER billing_accounts_tell_gate AFTER UPDATE OF blocked_at, blocked_reason OR DELETE ON billing_accounts
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER billing_accounts_come_tell_gate AFTER INSERT ON billing_accounts
  FOR EACH ROW WHEN (NEW.blocked_at IS NOT NULL) EXECUTE FUNCTION tell_gate_organization_of_new();

CREATE OR REPLACE TRIGGER purchase_orders_tell_gate AFTER UPDATE OR DELETE ON purchase_orders
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();

CREATE OR REPLACE TRIGGER purchase_orders_come_tell_gate AFTER INSERT ON purchase_orders
  FOR EACH ROW WHEN (NEW.activated_at IS NOT NULL) EXECUTE FUNCTION tell_gate_organization_of_new();

-- When an agreement ends, requests have to be refused at that instant by every process; streams get a minute more.
CREATE OR REPLACE FUNCTION tell_gate_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'organization:' || NEW.organization_id);
  PERFORM pg_notify('gate', 'end:' || NEW.organization_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER agreements_tell_gate AFTER UPDATE OF ends_at, ended_at ON agreements
  FOR EACH ROW EXECUTE FUNCTION tell_gate_end();

CREATE OR REPLACE TRIGGER agreements_come_tell_gate AFTER INSERT ON agreements
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();

-- What an order allows in a month is a limit of the organization.
CREATE OR REPLACE FUNCTION tell_gate_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'limit:' || OLD.organization_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER purchase_orders_tell_cap AFTER UPDATE OR DELETE ON purchase_orders
  FOR EACH ROW EXECUTE FUNCTION tell_gate_cap();

-- Tuned models are looked up by workspace.
CREATE OR REPLACE FUNCTION tell_gate_tuned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'tuned_models' THEN
    PERFORM pg_notify('gate', 'tuned:' || CASE WHEN TG_OP = 'INSERT' THEN NEW.workspace_id ELSE OLD.workspace_id END);
    -- What engines hold of it in memory goes too.
    IF TG_OP = 'DELETE' THEN
      PERFORM pg_notify('gate', 'tuned:weights:' || OLD.id);
    END IF;
  ELSE
    PERFORM pg_notify('gate', 'tuned:' || workspace_id) FROM tuned_models
      WHERE organization_id = CASE WHEN TG_OP = 'INSERT' THEN NEW.organization_id ELSE OLD.organization_id END
        AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.model_id ELSE OLD.model_id END;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tuned_models_tell_gate AFTER INSERT OR UPDATE OR DELETE ON tuned_models
  FOR EACH ROW EXECUTE FUNCTION tell_gate_tuned();

CREATE OR REPLACE TRIGGER tuned_model_grants_tell_gate AFTER INSERT OR UPDATE OR DELETE ON tuned_model_grants
  FOR EACH ROW EXECUTE FUNCTION tell_gate_tuned();

-- Since when a version of the terms holds for a customer is read with the key.
CREATE OR REPLACE TRIGGER legal_notices_tell_gate AFTER UPDATE OF effective_at ON legal_notices
  FOR EACH ROW WHEN (OLD.effective_at IS DISTINCT FROM NEW.effective_at) EXECUTE FUNCTION tell_gate_organization();
