import { z } from "zod";
import { exportFiles } from "#lib/domain/exports/queries.ts";
import type { ExportFileView } from "#lib/domain/exports/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { pageQuery } from "./shapes.ts";

const at = z.iso.datetime();

const shape = z.object({
  object: z.literal("usage_export"),
  connection_id: z.string().describe("The connection whose bucket it is in."),
  name: z.string().describe("Its path below the connection's prefix."),
  hour: at.describe("The beginning of the hour whose folder it is in."),
  state: z.enum(["waiting", "written", "dropped"]).describe("`dropped`: given up; its usage is under Usage."),
  events: z.int(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  bound_at: at.describe("Since when what is in it is fixed."),
  written_at: at.nullable(),
});

function stateOf({ sentAt, droppedAt }: ExportFileView): "waiting" | "written" | "dropped" {
  if (sentAt) return "written";
  return droppedAt ? "dropped" : "waiting";
}

const shown = (file: ExportFileView): z.input<typeof shape> => ({
  object: "usage_export",
  connection_id: file.connectionId,
  name: file.name,
  hour: file.hour.toISOString(),
  state: stateOf(file),
  events: file.count,
  bytes: file.bytes,
  sha256: file.sha256,
  bound_at: file.boundAt.toISOString(),
  written_at: file.sentAt?.toISOString() ?? null,
});

const list = adminEndpoint({
  can: "integrations.read",
  summary: "List the files of usage that were written to your buckets in the last 90 days, the newest first.",
  query: z.object(pageQuery),
  output: z.object({ object: z.literal("list"), items: z.array(shape), has_more: z.boolean() }),
  run: async (ctx, { query: { page, page_size: size } }) => {
    const found = await exportFiles(ctx, { limit: size + 1, offset: (page - 1) * size });
    return { object: "list" as const, items: found.slice(0, size).map(shown), has_more: found.length > size };
  },
});

export function adminExports(routes: Routes): void {
  routes.get("/v1/admin/exports", list);
}
