-- Made anew without the reach of staff when migrating ends.
DROP POLICY IF EXISTS tenant ON contents;--> statement-breakpoint
DROP POLICY IF EXISTS tenant ON conversations;--> statement-breakpoint
DROP POLICY IF EXISTS tenant ON conversation_entries;--> statement-breakpoint
DROP POLICY IF EXISTS tenant ON responses;--> statement-breakpoint
DROP POLICY IF EXISTS tenant ON agent_versions;--> statement-breakpoint
DROP POLICY IF EXISTS tenant ON scope_keys;
