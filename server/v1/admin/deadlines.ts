import { z } from "zod";
import { deadlineSliceInput } from "#lib/domain/deadlines/input.ts";
import { deadlineSlice } from "#lib/domain/deadlines/queries.ts";
import { clocks } from "#lib/domain/deadlines/rules.ts";
import type { DeadlineView } from "#lib/domain/deadlines/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { uuid, uuidOf, uuidOfKind } from "./shapes.ts";

const at = z.iso.datetime();

const shape = z.object({
  id: z.string(),
  uuid,
  clock: z.string().describe("What runs, such as `key.expiry`."),
  clause: z.string().describe("The clause of the terms it follows from."),
  title: z.string(),
  owner: z.string().describe("Who acts before it is due; `system`: it happens by itself."),
  subject: z.object({ kind: z.string(), id: z.string(), label: z.string().nullable() }),
  opened_at: at,
  due_at: at,
  broken_at: at.nullable().describe("Since when it is overdue."),
  met_at: at.nullable(),
  cancelled_at: at.nullable(),
});

const shown = (one: DeadlineView): z.input<typeof shape> => ({
  id: one.id,
  uuid: uuidOf(one.id),
  clock: one.clock,
  clause: one.clause,
  title: clocks[one.clock].words,
  owner: one.owner,
  subject: { kind: one.subjectKind, id: one.subjectId, label: one.label },
  opened_at: one.openedAt.toISOString(),
  due_at: one.dueAt.toISOString(),
  broken_at: one.brokenAt?.toISOString() ?? null,
  met_at: one.metAt?.toISOString() ?? null,
  cancelled_at: one.cancelledAt?.toISOString() ?? null,
});

const list = adminEndpoint({
  can: "contract.read",
  summary: "List the organization's deadlines, the earliest first.",
  query: z.object({
    state: deadlineSliceInput.shape.show.describe("Those that run, those that are overdue, or those that are over."),
    after: uuidOfKind("deadline").optional().describe("Go on after this one: the `next` of the page before."),
    limit: deadlineSliceInput.shape.limit,
  }),
  output: z.object({
    object: z.literal("list"),
    items: z.array(shape),
    has_more: z.boolean(),
    next: uuid.nullable(),
  }),
  run: async (ctx, { query: { state, after, limit } }) => {
    const found = await deadlineSlice(ctx, { show: state, after, limit: limit + 1 });
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      object: "list" as const,
      items: rows.map(shown),
      has_more: last !== undefined,
      next: last ? uuidOf(last.id) : null,
    };
  },
});

export function adminDeadlines(routes: Routes): void {
  routes.get("/v1/admin/deadlines", list);
}
