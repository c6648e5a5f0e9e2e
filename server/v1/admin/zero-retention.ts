import { z } from "zod";
import { zeroRetentionRequestsOf } from "#lib/domain/zero-retention/queries.ts";
import { isInForce } from "#lib/domain/zero-retention/rules.ts";
import type { RequestView } from "#lib/domain/zero-retention/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";

const instant = z.string().nullable();

const output = z.object({
  requests: z.array(
    z.object({
      id: z.string(),
      scope: z.string().describe("`organization`, `workspace` or `on_request`."),
      workspace_id: z.string().nullable(),
      state: z.string().describe("`active` once everything is deleted and checked."),
      in_force: z.boolean().describe("Whether nothing of the scope is stored now."),
      kept_classes: z.array(z.string()).describe("What is kept on the organization's own instruction."),
      requested_at: z.string(),
      decided_at: instant,
      active_at: instant,
      verified_at: instant.describe("When the last check found nothing."),
      broken_at: instant.describe("Since when a check finds something."),
      ends_at: instant,
      ended_at: instant,
      steps: z.array(
        z.object({
          step: z.string(),
          attempt: z.int(),
          outcome: z.string().nullable(),
          started_at: z.string(),
          ended_at: instant,
          facts: z.record(z.string(), z.unknown()).nullable(),
        }),
      ),
    }),
  ),
});

const words = (at: Date | null): string | null => at?.toISOString() ?? null;

const shown = (request: RequestView): z.input<typeof output>["requests"][number] => ({
  id: request.id,
  scope: request.scope,
  workspace_id: request.workspaceId,
  state: request.state,
  in_force: isInForce(request.state),
  kept_classes: request.keepClasses,
  requested_at: request.createdAt.toISOString(),
  decided_at: words(request.decidedAt),
  active_at: words(request.activeAt),
  verified_at: words(request.verifiedAt),
  broken_at: words(request.brokenAt),
  ends_at: words(request.endsAt),
  ended_at: words(request.endedAt),
  steps: request.steps.map(({ startedAt, endedAt, ...step }) => ({
    ...step,
    started_at: startedAt.toISOString(),
    ended_at: words(endedAt),
  })),
});

const read = adminEndpoint({
  can: "privacy.read",
  summary: "Requests for zero retention, their states and the evidence. Asking for it takes a person.",
  output,
  run: async (ctx) => ({ requests: (await zeroRetentionRequestsOf(ctx)).map(shown) }),
});

export function adminZeroRetention(routes: Routes): void {
  routes.get("/v1/admin/zero-retention", read);
}
