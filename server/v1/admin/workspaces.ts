import { z } from "zod";
import type { Id } from "#db/id.ts";
import { inWorkspace, transaction } from "#lib/core/context.ts";
import { decimalString } from "#lib/core/money.ts";
import { setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { limitsOf } from "#lib/domain/limits/queries.ts";
import type { LimitStanding } from "#lib/domain/limits/rules.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import { archiveWorkspace, createWorkspace, renameWorkspace } from "#lib/domain/workspaces/commands.ts";
import { workspaceOf, workspacesOf } from "#lib/domain/workspaces/queries.ts";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import {
  named,
  pageQuery,
  uuid,
  uuidOf,
  uuidOfKind,
  workspaceLetter,
  workspaceRolesOf,
  workspaceRolesSent,
} from "./shapes.ts";

const workspaceShape = z.object({
  uuid,
  name: z.string(),
  description: z.null(),
  icon: z.null(),
  members_count: z.number(),
  spend_limit: z
    .object({ value: z.number().nullable(), currency: z.string(), no_monthly_limit: z.boolean() })
    .describe("What the workspace may spend in a calendar month."),
  is_default: z.boolean(),
  is_archived: z.boolean(),
});

function workspaceOut(view: WorkspaceView, limits: readonly LimitStanding[]): z.input<typeof workspaceShape> {
  const limit = limits.find(({ scopeId }) => scopeId === view.id)?.limitPico ?? null;
  const value = limit === null ? null : Number(decimalString(limit));
  return {
    uuid: uuidOf(view.id),
    name: view.name,
    description: null,
    icon: null,
    members_count: view.people,
    spend_limit: { value, currency: "EUR", no_monthly_limit: limit === null },
    is_default: view.isDefault,
    is_archived: view.archivedAt !== null,
  };
}

const list = adminEndpoint({
  can: "workspaces.write",
  summary: "List the organization's workspaces.",
  query: z.object({
    ...pageQuery,
    is_archived: z.stringbool().default(false).describe("Archived ones too."),
    search: z.string().max(255).optional(),
  }),
  output: z.object({
    total: z.number(),
    items: z.array(workspaceShape),
    object: z.literal("list"),
    page: z.number(),
    page_size: z.number(),
  }),
  run: async (ctx, { query: { page, page_size, is_archived, search } }) => {
    const part = search?.toLowerCase() ?? "";
    const found = (await workspacesOf(ctx)).filter(
      ({ name, archivedAt }) => (is_archived || archivedAt === null) && name.toLowerCase().includes(part),
    );
    const limits = await limitsOf(ctx);
    const shown = found.slice((page - 1) * page_size, page * page_size);
    const items = shown.map((one) => workspaceOut(one, limits));
    return { total: found.length, items, object: "list" as const, page, page_size };
  },
});

const name = z.string().trim().min(1).max(80);

const create = adminEndpoint({
  can: createWorkspace,
  summary: "Create a workspace, with its first admin.",
  input: z.object({ name, admin_user_id: uuidOfKind("user") }),
  output: workspaceShape.extend({ raw_roles: z.array(workspaceLetter), raw_role: workspaceLetter }),
  run: async (ctx, { input }) => {
    const made = await transaction(ctx, async (ctx) => {
      await memberOf(ctx, input.admin_user_id);
      const made = await createWorkspace(ctx, { name: input.name });
      await setWorkspaceRoles(inWorkspace(ctx, made.id), input.admin_user_id, ["workspace_admin"]);
      return workspaceOf(ctx, made.id);
    });
    return { ...workspaceOut(made, []), raw_roles: ["A" as const], raw_role: "A" as const };
  },
});

const update = adminEndpoint({
  can: "workspaces.write",
  summary: "Rename a workspace.",
  input: z.object({ name }),
  output: workspaceShape,
  run: async (ctx, { params, input }) => {
    const changed = await renameWorkspace(inWorkspace(ctx, named("workspace", params.id)), input.name);
    return workspaceOut(changed, await limitsOf(ctx));
  },
});

const archive = adminEndpoint({
  can: archiveWorkspace,
  summary: "Archive a workspace; its keys are refused from then on.",
  run: async (ctx, { params }) => void (await archiveWorkspace(ctx, { workspace: named("workspace", params.id) })),
});

const one = z.object({ ...workspaceRolesSent, user_uuid: uuidOfKind("user") });
const people = z.object({ members: z.array(one).max(100) });
type Sent = z.output<typeof one>;

/** All of them or none. */
async function place(ctx: Parameters<typeof workspaceOf>[0], id: Id<"workspace">, sent: readonly Sent[]) {
  return transaction(ctx, async (ctx) => {
    const counts = { added: 0, updated: 0 };
    for (const { user_uuid: user, ...roles } of sent) {
      const before = (await memberOf(ctx, user)).workspaces.find((place) => place.id === id);
      await setWorkspaceRoles(inWorkspace(ctx, id), user, workspaceRolesOf(roles));
      if (before && before.own.length > 0) counts.updated++;
      else counts.added++;
    }
    return counts;
  });
}

const addPeople = adminEndpoint({
  can: setWorkspaceRoles,
  summary: "Add members of the organization to a workspace.",
  input: people,
  output: z.object({ added_members_count: z.number() }),
  run: async (ctx, { params, input }) => {
    const { added, updated } = await place(ctx, named("workspace", params.id), input.members);
    return { added_members_count: added + updated };
  },
});

const putPeople = adminEndpoint({
  can: setWorkspaceRoles,
  summary: "Add members to a workspace, or change what they are there.",
  input: people,
  output: z.object({ added_members_count: z.number(), updated_members_count: z.number() }),
  run: async (ctx, { params, input }) => {
    const { added, updated } = await place(ctx, named("workspace", params.id), input.members);
    return { added_members_count: added, updated_members_count: updated };
  },
});

const removePeople = adminEndpoint({
  can: setWorkspaceRoles,
  summary: "Take members out of a workspace; they stay in the organization.",
  input: z.object({ members: z.array(z.object({ user_uuid: uuidOfKind("user") })).max(100) }),
  output: z.object({ deleted_members_count: z.number(), not_deleted_members: z.array(uuid) }),
  run: async (ctx, { params, input }) => {
    const id = named("workspace", params.id);
    return transaction(ctx, async (ctx) => {
      const kept: string[] = [];
      for (const { user_uuid: user } of input.members) {
        const before = (await memberOf(ctx, user)).workspaces.find((place) => place.id === id);
        if (before && before.own.length > 0) await setWorkspaceRoles(inWorkspace(ctx, id), user, []);
        else kept.push(uuidOf(user));
      }
      return { deleted_members_count: input.members.length - kept.length, not_deleted_members: kept };
    });
  },
});

export function adminWorkspaces(routes: Routes): void {
  routes.get("/v1/admin/workspaces", list);
  routes.post("/v1/admin/workspaces", create);
  routes.patch("/v1/admin/workspaces/:id", update);
  routes.delete("/v1/admin/workspaces/:id", archive);
  routes.post("/v1/admin/workspaces/:id/add-users", addPeople);
  routes.patch("/v1/admin/workspaces/:id/users", putPeople);
  routes.delete("/v1/admin/workspaces/:id/remove-users", removePeople);
}
