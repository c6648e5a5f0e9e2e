import { sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { openContent } from "#lib/gateway/metering/contents.ts";
import { ScopeKeys } from "#lib/gateway/metering/scope-keys.ts";

type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };

/** Hears of nothing: it lives for one look. */
const noChanges = { subscribe: () => undefined };

/** Whether what was asked a moment ago is in the content log of a workspace, which has to be opened to be read. */
export async function isInContentLog(ctx: AccountContext, place: Place, canary: string): Promise<boolean> {
  const keys = new ScopeKeys(sql(), noChanges);
  const since = addMinutes(ctx.now, -60).toISOString();
  const rows = await sql()<{ id: string; sealed: Buffer }[]>`select id, sealed from contents
    where organization_id = ${place.organizationId} and workspace_id = ${place.workspaceId} and hour >= ${since}::timestamptz
    order by id desc limit 20`;
  for (const row of rows) if (JSON.stringify(await openContent(keys, place, row)).includes(canary)) return true;
  return false;
}
