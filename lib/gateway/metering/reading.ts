import type { Sql } from "#db/client.ts";
import { type Id, timeOf } from "#db/id.ts";
import { hourOf, startOfHour } from "#lib/core/keyring/document.ts";
import type { OpenedRequest, Opener } from "#lib/domain/abuse/reading/view.ts";
import type { Unseal } from "#lib/domain/abuse/scan/view.ts";
import { openContent } from "./contents.ts";
import { ScopeKeys } from "./scope-keys.ts";

type Pack = { id: string; workspaceId: Id<"workspace">; sealed: Buffer };

/** Keys of one reading, which hears of no change and so is not kept for another. */
const keysOf = (sql: Sql): ScopeKeys => new ScopeKeys(sql, { subscribe: () => undefined });

/** Opens packs of the content log, for who scans it. */
export function openUnseal(sql: Sql): Unseal {
  const keys = keysOf(sql);
  return (place, pack) => openContent(keys, place, pack);
}

/** Opens requests of the content log by their ids; of a scope under zero retention nothing is even selected. */
export const openerOf =
  (sql: Sql): Opener =>
  async ({ organizationId, requestIds }) => {
    if (requestIds.length === 0) return [];
    const hours = [...new Set(requestIds.map((id) => startOfHour(hourOf(timeOf(id))).toISOString()))];
    const packs = await sql<Pack[]>`select id, workspace_id as "workspaceId", sealed from contents
      where organization_id = ${organizationId} and hour in ${sql(hours)} and request_ids && ${[...requestIds]}
        and not is_under_zero_retention(organization_id, workspace_id)`;
    const keys = keysOf(sql);
    const found: OpenedRequest[] = [];
    for (const { workspaceId, ...pack } of packs) {
      const opened = await openContent(keys, { organizationId, workspaceId }, pack);
      for (const id of requestIds) if (opened[id]) found.push({ id, ...opened[id] });
    }
    return found;
  };
