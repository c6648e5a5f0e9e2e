import { z } from "zod";
import type { Id } from "#db/id.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";
import { impactOf } from "#lib/domain/lifecycle/impact/queries.ts";
import { type ImpactRow, impactKinds } from "#lib/domain/lifecycle/impact/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { uuid, uuidOf } from "./shapes.ts";

const end = {
  model: z.string(),
  replacement: z.string(),
  announced_at: z.iso.datetime(),
  retires_at: z.iso.datetime().nullable().describe("Your own date; null until your notice was given."),
};

const lifecycle = adminEndpoint({
  can: "usage.read-organization",
  summary: "Models whose end is announced, and when each ends for this organization.",
  output: z.object({ models: z.array(z.object(end)) }),
  run: async (ctx) => ({
    models: (await contractModels(ctx)).flatMap(({ id, ending }) =>
      ending
        ? {
            model: id,
            replacement: ending.replacement,
            announced_at: ending.announcedAt.toISOString(),
            retires_at: ending.retiresAt?.toISOString() ?? null,
          }
        : [],
    ),
  }),
});

const row = z.object({
  kind: z.enum(impactKinds),
  id: z.string().nullable(),
  name: z.string(),
  workspace_id: uuid.nullable(),
  model_name: z.string().describe("The name that was sent, or that is written there."),
  requests: z.number().int().describe("In the last 30 days."),
  last_request_at: z.iso.datetime().nullable(),
  owner: z.string().nullable(),
  change: z.string(),
});

function idOf({ kind, id }: ImpactRow): string | null {
  if (id === "") return null;
  return kind === "key" || kind === "allow-list" ? uuidOf(id as Id<"key">) : id;
}

const impact = adminEndpoint({
  can: "usage.read-organization",
  summary: "What the end of a model concerns in this organization, and what to change.",
  output: z.object({ ...end, counted_at: z.iso.datetime().nullable(), rows: z.array(row) }),
  run: async (ctx, { params: { id = "" } }) => {
    const { modelId, replacement, announcedAt, retiresAt, countedAt, rows } = await impactOf(ctx, id);
    return {
      model: modelId,
      replacement,
      announced_at: announcedAt.toISOString(),
      retires_at: retiresAt?.toISOString() ?? null,
      counted_at: countedAt?.toISOString() ?? null,
      rows: rows.map((one) => ({
        kind: one.kind,
        id: idOf(one),
        name: one.name,
        workspace_id: one.workspaceId && uuidOf(one.workspaceId),
        model_name: one.sentName,
        requests: one.requests,
        last_request_at: one.lastAt?.toISOString() ?? null,
        owner: one.owner,
        change: one.change,
      })),
    };
  },
});

export function adminModels(routes: Routes): void {
  routes.get("/v1/admin/models/lifecycle", lifecycle);
  routes.get("/v1/admin/models/:id/impact", impact);
}
