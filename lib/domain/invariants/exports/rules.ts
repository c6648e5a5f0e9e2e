import type { Invariant } from "#lib/domain/invariants/rules.ts";

const waiting = `select organization_id, connection_id, unnest(events) as id, unnest(workspaces) as workspace_id from usage_exports
  union all select organization_id, connection_id, unnest(events), unnest(workspaces) from export_parcels`;

/** What leaves from committed usage. */
export const exportInvariants: readonly Invariant[] = [
  {
    name: "each event waits once for each connection it leaves by",
    violations: `select id from (${waiting}) as waiting group by organization_id, connection_id, id having count(*) > 1`,
  },
  {
    name: "what waits for a connection is committed usage of its organization",
    violations: `select id from (${waiting}) as waiting where not exists (select from usage_events as event
      where event.organization_id = waiting.organization_id and event.workspace_id = waiting.workspace_id and event.id = waiting.id)`,
  },
  {
    name: "nothing waits for a connection that was given up or disconnected",
    violations: `select waiting.connection_id from (${waiting}) as waiting left join connections as connection
      on connection.organization_id = waiting.organization_id and connection.id = waiting.connection_id
      where connection.id is null or connection.state in ('ending', 'disconnected') or connection.paused_reason is not null`,
  },
];
