CREATE TABLE "group_members" (
	"organization_id" text,
	"group_id" text,
	"user_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "group_members_pkey" PRIMARY KEY("organization_id","user_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "group_roles" (
	"organization_id" text,
	"group_id" text,
	"workspace_id" text,
	"roles" text[] NOT NULL,
	CONSTRAINT "group_roles_pkey" PRIMARY KEY("organization_id","group_id","workspace_id")
);
--> statement-breakpoint
CREATE TABLE "groups" (
	"organization_id" text,
	"id" text,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "groups_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"organization_id" text,
	"id" text,
	"email" text NOT NULL,
	"roles" text[] NOT NULL,
	"grants" jsonb NOT NULL,
	"hash" text NOT NULL,
	"invited_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" text,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "invitations_pkey" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE INDEX "group_members_group" ON "group_members" ("organization_id","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "groups_name_key" ON "groups" ("organization_id",lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_hash_key" ON "invitations" ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open_key" ON "invitations" ("organization_id",lower("email")) WHERE "accepted_at" is null and "revoked_at" is null;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_7m0mu6885twA_fkey" FOREIGN KEY ("organization_id","group_id") REFERENCES "groups"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "group_members" ADD CONSTRAINT "group_members_NpWwQPn94K4H_fkey" FOREIGN KEY ("organization_id","user_id") REFERENCES "members"("organization_id","user_id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "group_roles" ADD CONSTRAINT "group_roles_YK6NpzsF1KGG_fkey" FOREIGN KEY ("organization_id","group_id") REFERENCES "groups"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "group_roles" ADD CONSTRAINT "group_roles_RbZwcrb0F7zk_fkey" FOREIGN KEY ("organization_id","workspace_id") REFERENCES "workspaces"("organization_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "groups" ADD CONSTRAINT "groups_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_organizations_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_users_id_fkey" FOREIGN KEY ("invited_by") REFERENCES "users"("id");--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_users_id_fkey" FOREIGN KEY ("accepted_by") REFERENCES "users"("id");--> statement-breakpoint
-- Everything a person is in a workspace: of their own, and through their groups. Whatever reads workspace roles reads them here.
CREATE FUNCTION workspace_roles(organization text, workspace text, person text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT unnest(roles) FROM workspace_members
      WHERE organization_id = organization AND workspace_id = workspace AND user_id = person
    UNION
    SELECT unnest(group_roles.roles) FROM group_members JOIN group_roles USING (organization_id, group_id)
      WHERE group_members.organization_id = organization AND group_members.user_id = person AND group_roles.workspace_id = workspace
    ORDER BY 1)
$$;
--> statement-breakpoint
-- A key acts for its owner: whatever changes who may enter a workspace, the gate must hear.
CREATE FUNCTION tell_gate_organization_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('gate', 'organization:' || NEW.organization_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER members_come_tell_gate AFTER INSERT ON members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();
--> statement-breakpoint
CREATE TRIGGER workspace_members_come_tell_gate AFTER INSERT ON workspace_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();
--> statement-breakpoint
CREATE TRIGGER group_members_come_tell_gate AFTER INSERT ON group_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();
--> statement-breakpoint
CREATE TRIGGER group_members_tell_gate AFTER UPDATE OR DELETE ON group_members
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
--> statement-breakpoint
CREATE TRIGGER group_roles_come_tell_gate AFTER INSERT ON group_roles
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization_of_new();
--> statement-breakpoint
CREATE TRIGGER group_roles_tell_gate AFTER UPDATE OR DELETE ON group_roles
  FOR EACH ROW EXECUTE FUNCTION tell_gate_organization();
