import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import { blobs } from "#db/schema/files.ts";
import { tunedModelServers, tunedModels } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { adapterName } from "#lib/engine/adapters/names.ts";
import { isLookedAfter } from "./rules.ts";
import type { Deployable, ServerRow } from "./view.ts";

/** The models that servers should have: what workers trained, and nobody serves by hand. */
export async function deployableModels(ctx: AccountContext): Promise<Deployable[]> {
  authorize(ctx.actor, "system.operate");
  const rows = await ctx.db
    .select({
      organizationId: tunedModels.organizationId,
      workspaceId: tunedModels.workspaceId,
      id: tunedModels.id,
      base: tunedModels.model,
      state: tunedModels.state,
      upstreamModel: tunedModels.upstreamModel,
      upstreams: tunedModels.upstreams,
      blob: { id: blobs.id, bytes: blobs.bytes, key: blobs.key },
    })
    .from(tunedModels)
    .innerJoin(blobs, and(eq(blobs.organizationId, tunedModels.organizationId), eq(blobs.id, tunedModels.blobId)))
    .where(
      and(eq(tunedModels.kind, "pull"), inArray(tunedModels.state, ["active", "not_served"]), isNotNull(blobs.key)),
    )
    .orderBy(asc(tunedModels.createdAt), asc(tunedModels.id));
  return rows
    .filter(({ upstreamModel }) => isLookedAfter(upstreamModel))
    .map((row) => ({ ...row, state: row.state as Deployable["state"], target: adapterName(row.id, row.blob.id) }));
}

/** What is known of all servers, those of deleted models too. */
export async function serverRows(ctx: AccountContext): Promise<ServerRow[]> {
  authorize(ctx.actor, "system.operate");
  return ctx.db
    .select()
    .from(tunedModelServers)
    .orderBy(asc(tunedModelServers.upstream), asc(tunedModelServers.replica), asc(tunedModelServers.adapter));
}
