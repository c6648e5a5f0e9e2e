import { z } from "zod";
import { dayMs } from "#lib/core/clock.ts";
import { inWorkspace, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { createKey, revokeKey } from "#lib/domain/keys/commands.ts";
import { keyName } from "#lib/domain/keys/input.ts";
import { type OrganizationKey, organizationKey, organizationKeys } from "#lib/domain/keys/listing/queries.ts";
import { defaultScopes } from "#lib/domain/keys/rules.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { workspaceOf } from "#lib/domain/workspaces/queries.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { named, uuid, uuidOf, uuidOfKind } from "./shapes.ts";

const actions = z.object({ rotate: z.null(), delete: z.null() });
const keyShape = z.object({
  key_id: uuid,
  key: z.string().nullable().describe("The secret, once, when the key is made."),
  name: z.string().nullable(),
  hidden_key: z.string(),
  created_at: z.iso.datetime().nullable(),
  expiration_date: z.iso.date().nullable(),
  actions,
});
const listedShape = keyShape.extend({
  workspace_id: uuid.nullable(),
  workspace_name: z.string().nullable(),
  created_by: z.string().nullable(),
  product: z.null(),
  last_used: z.iso.date().nullable(),
  can_delete: z.boolean(),
  state: z.string(),
  is_service: z.boolean().describe("Belongs to the workspace, not to a person."),
  browser: z.boolean().describe("For web pages: good only from the web origins of the organization."),
});

const dayOf = (at: Date | null): string | null => at?.toISOString().slice(0, 10) ?? null;
const hidden = ({ first4, last4 }: { first4: string; last4: string }): string => `cpt_${first4}…${last4}`;

const keyOut = (key: OrganizationKey): z.input<typeof listedShape> => ({
  key_id: uuidOf(key.id),
  key: null,
  name: key.name,
  hidden_key: hidden(key),
  created_at: key.createdAt.toISOString(),
  expiration_date: dayOf(key.expiresAt),
  actions: { rotate: null, delete: null },
  workspace_id: uuidOf(key.workspaceId),
  workspace_name: key.workspaceName,
  created_by: key.ownerName,
  product: null,
  last_used: dayOf(key.lastUsedAt),
  can_delete: key.revokedAt === null,
  state: key.state,
  is_service: key.isService,
  browser: key.browser,
});

const list = adminEndpoint({
  can: "keys.write-any",
  summary: "List the API keys of every workspace.",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    offset: z.coerce.number().int().min(0).default(0),
    name: z.string().max(80).optional(),
  }),
  output: z.object({ keys: z.array(listedShape) }),
  run: async (ctx, { query }) => ({ keys: (await organizationKeys(ctx, query)).map(keyOut) }),
});

/** Whole days from today (UTC) to the day named. */
function daysUntil(day: string, now: Date): number {
  const days = (Date.parse(day) - Date.parse(now.toISOString().slice(0, 10))) / dayMs;
  if (days >= 1 && days <= 3650) return days;
  throw new AppError("invalid", "The expiration is a day from tomorrow to ten years ahead.", { code: "expiration" });
}

const create = adminEndpoint({
  can: createKey,
  summary:
    "Create an API key of a workspace: for the person of this admin key, or a service key. It asks models, keeps files and tunes models; one for web pages asks models alone. The secret is in this answer only.",
  input: z.object({
    name: keyName.nullish(),
    expiration: z.iso.date().nullish(),
    workspace_uuid: uuidOfKind("workspace"),
    user_id: uuidOfKind("user").describe(
      "Who it acts for, the person of this admin key, or who looks after a service key.",
    ),
    is_service: z.boolean().default(false).describe("Belongs to the workspace: it stays when that person leaves."),
    browser: z
      .boolean()
      .default(false)
      .describe("For web pages, where anyone can read it: good only from the web origins of the organization."),
  }),
  output: keyShape,
  run: async (ctx, { input }) =>
    transaction(ctx, async (ctx) => {
      const { archivedAt } = await workspaceOf(ctx, input.workspace_uuid);
      if (archivedAt) throw new AppError("conflict", "This workspace is archived.");
      await memberOf(ctx, input.user_id);
      const made = await createKey(
        inWorkspace(ctx, input.workspace_uuid),
        {
          name: input.name ?? "Made through the admin API",
          scopes: defaultScopes(ctx.actor.permissions, input.browser),
          models: null,
          addresses: null,
          expiresInDays: input.expiration ? daysUntil(input.expiration, ctx.now) : null,
          isService: input.is_service,
          browser: input.browser,
        },
        input.user_id,
      );
      return {
        key_id: uuidOf(made.id),
        key: made.secret,
        name: made.name,
        hidden_key: hidden({ first4: made.secret.slice(4, 8), last4: made.secret.slice(-4) }),
        created_at: ctx.now.toISOString(),
        expiration_date: dayOf(made.expiresAt),
        actions: { rotate: null, delete: null },
      };
    }),
});

const remove = adminEndpoint({
  can: revokeKey,
  summary: "Revoke an API key; it is refused in under a second.",
  output: z.object({ detail: z.string() }),
  run: async (ctx, { params }) => {
    const id = named("key", params.id);
    const { workspaceId } = await organizationKey(ctx, id);
    await revokeKey(inWorkspace(ctx, workspaceId), { id });
    return { detail: "The key was revoked." };
  },
});

export function adminKeys(routes: Routes): void {
  routes.get("/v1/admin/api-keys", list);
  routes.post("/v1/admin/api-keys", create);
  routes.delete("/v1/admin/api-keys/:id", remove);
}
