import type { Columns } from "#app/(console)/stream-file.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

/** The columns of a file of audit rows: all of them, with the hashes, so that the chain can be followed in it. */
export const auditColumns: Columns<AuditRow> = {
  row: ({ sequence }) => sequence,
  id: ({ id }) => id,
  at: ({ at }) => at.toISOString(),
  workspace_id: ({ workspaceId }) => workspaceId,
  actor_kind: ({ actorKind }) => actorKind,
  actor_id: ({ actorId }) => actorId,
  actor: ({ actorName }) => actorName,
  action: ({ action }) => action,
  object_type: ({ objectType }) => objectType,
  object_id: ({ objectId }) => objectId,
  before: ({ before }) => json(before),
  after: ({ after }) => json(after),
  clause: ({ clause }) => clause,
  address: ({ address }) => address,
  client: ({ agent }) => agent,
  previous_hash: ({ previousHash }) => previousHash,
  hash: ({ hash }) => hash,
};
