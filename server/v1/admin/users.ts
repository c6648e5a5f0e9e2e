import { z } from "zod";
import { memberRoles, workspaceRoles } from "#lib/core/access/roles.ts";
import { emailAddress } from "#lib/core/email.ts";
import { invite, revokeInvitation } from "#lib/domain/invitations/commands.ts";
import { openInvitations } from "#lib/domain/invitations/queries.ts";
import type { InvitationView } from "#lib/domain/invitations/view.ts";
import { removeMember, setRoles } from "#lib/domain/leaving/commands.ts";
import { memberPage } from "#lib/domain/members/listing/queries.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import type { MemberView } from "#lib/domain/members/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import {
  deleted,
  lettersOf,
  memberLetter,
  memberRolesOf,
  memberRolesSent,
  named,
  pageQuery,
  roleOut,
  roleShape,
  uuid,
  uuidOf,
  uuidOfKind,
  workspaceLetter,
  workspaceLettersOf,
} from "./shapes.ts";

const email = emailAddress();

const workspaceShape = z.object({
  uuid,
  name: z.string(),
  is_default: z.boolean().optional(),
  raw_roles: z.array(workspaceLetter),
  raw_role: workspaceLetter,
  role_names: z.array(z.enum(workspaceRoles)),
});
const memberShape = z.object({
  uuid,
  oid_id: uuid.nullable(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  workspaces: z.array(workspaceShape),
  subscriptions: z.array(z.object({})),
  raw_roles: z.array(memberLetter),
  raw_role: memberLetter,
  role_names: z.array(z.enum(memberRoles)),
  created_at: z.iso.datetime(),
});
const userShape = memberShape.extend({ first_name: z.string().nullable(), last_name: z.string().nullable() });
const inviteShape = z.object({
  uuid,
  raw_roles: z.array(memberLetter),
  raw_role: memberLetter,
  role_names: z.array(z.enum(memberRoles)),
  email: z.string(),
  expired: z.boolean(),
  created_at: z.iso.datetime(),
  workspace_uuids: z.array(uuid),
});

function memberOut({ id, name, email, roles, since, workspaces }: MemberView): z.input<typeof memberShape> {
  const raw = lettersOf(roles);
  return {
    uuid: uuidOf(id),
    oid_id: null,
    name,
    email,
    workspaces: workspaces.map((place) => {
      const names = [...new Set([...place.own, ...place.groups.flatMap(({ roles }) => roles)])];
      const letters = workspaceLettersOf(names);
      return {
        uuid: uuidOf(place.id),
        name: place.name,
        raw_roles: letters,
        raw_role: letters[0] ?? "M",
        role_names: names,
      };
    }),
    subscriptions: [],
    raw_roles: raw,
    raw_role: raw[0] ?? "M",
    role_names: roles,
    created_at: since.toISOString(),
  };
}

function userOut(member: MemberView): z.input<typeof userShape> {
  const [first = null, ...rest] = member.name.split(" ");
  return { ...memberOut(member), first_name: first, last_name: rest.join(" ") || null };
}

function inviteOut({ id, email, roles, grants, state, createdAt }: InvitationView): z.input<typeof inviteShape> {
  const raw = lettersOf(roles);
  return {
    uuid: uuidOf(id),
    raw_roles: raw,
    raw_role: raw[0] ?? "M",
    role_names: roles,
    email,
    expired: state === "expired",
    created_at: createdAt.toISOString(),
    workspace_uuids: grants.map(({ workspaceId }) => uuidOf(workspaceId)),
  };
}

const list = adminEndpoint({
  can: "members.write",
  summary: "List the organization's members and open invitations.",
  query: z.object({ ...pageQuery, email: email.optional() }),
  output: z.object({
    members: z.array(memberShape),
    invites: z.array(inviteShape),
    total: z.number(),
    page: z.number(),
    page_size: z.number(),
  }),
  run: async (ctx, { query: { page, page_size: pageSize, email } }) => {
    const { total, members } = await memberPage(ctx, { page, pageSize, email });
    const invites = await openInvitations(ctx);
    const asked = email ? invites.filter((one) => one.email === email.toLowerCase()) : invites;
    return { members: members.map(memberOut), invites: asked.map(inviteOut), total, page, page_size: pageSize };
  },
});

const find = adminEndpoint({
  can: "members.write",
  summary: "Find a member.",
  output: userShape,
  run: async (ctx, { params }) => userOut(await memberOf(ctx, named("user", params.id))),
});

const update = adminEndpoint({
  can: setRoles,
  summary: "Change a member's roles in the organization.",
  input: z.object(memberRolesSent),
  output: memberShape,
  run: async (ctx, { params, input }) => {
    const id = named("user", params.id);
    const roles = memberRolesOf(input);
    return memberOut(roles ? await setRoles(ctx, { user: id, roles }) : await memberOf(ctx, id));
  },
});

const remove = adminEndpoint({
  can: removeMember,
  summary: "Remove a member; their keys and access end at once.",
  output: deleted,
  run: async (ctx, { params }) => {
    const { keys } = await removeMember(ctx, { user: named("user", params.id) });
    return { message: `The member was removed, and ${keys} of their keys were revoked.` };
  },
});

const inviteUser = adminEndpoint({
  can: invite,
  summary: "Invite somebody by e-mail; the invitation is good for seven days.",
  input: z.object({
    ...memberRolesSent,
    email,
    workspace_uuids: z.array(uuidOfKind("workspace")).nullish(),
  }),
  output: z.object({
    invalid_emails: z.array(z.string()),
    already_members: z.array(z.string()),
    invited_members_count: z.number(),
  }),
  run: async (ctx, { input }) => {
    const { total } = await memberPage(ctx, { page: 1, pageSize: 1, email: input.email });
    if (total > 0) return { invalid_emails: [], already_members: [input.email], invited_members_count: 0 };
    const grants = (input.workspace_uuids ?? []).map((workspaceId) => ({ workspaceId, roles: ["user" as const] }));
    const made = await invite(ctx, { emails: [input.email], roles: memberRolesOf(input) ?? ["member"], grants });
    return { invalid_emails: [], already_members: [], invited_members_count: made.length };
  },
});

const invites = adminEndpoint({
  can: "members.invite",
  summary: "List open invitations.",
  output: z.array(z.object({ invite_uuid: uuid, email: z.string(), roles: z.array(memberLetter), role: memberLetter })),
  run: async (ctx) =>
    (await openInvitations(ctx)).map(({ id, email, roles }) => {
      const letters = lettersOf(roles);
      return { invite_uuid: uuidOf(id), email, roles: letters, role: letters[0] ?? "M" };
    }),
});

const withdraw = adminEndpoint({
  can: revokeInvitation,
  summary: "Withdraw an invitation.",
  output: deleted,
  run: async (ctx, { params }) => {
    await revokeInvitation(ctx, { invitation: named("invitation", params.id) });
    return { message: "The invitation was withdrawn." };
  },
});

const roles = adminEndpoint({
  can: "members.read",
  summary: "List the roles people can have in the organization and in workspaces.",
  output: z.object({ workspace_roles: z.array(roleShape), organization_roles: z.array(roleShape) }),
  run: async () => ({
    workspace_roles: workspaceRoles.map(roleOut),
    organization_roles: memberRoles.map(roleOut),
  }),
});

export function adminUsers(routes: Routes): void {
  routes.get("/v1/admin/users", list);
  routes.get("/v1/admin/users/:id", find);
  routes.patch("/v1/admin/users/:id", update);
  routes.delete("/v1/admin/users/:id", remove);
  routes.post("/v1/admin/users-invite", inviteUser);
  routes.get("/v1/admin/users-invite", invites);
  routes.delete("/v1/admin/users-invite/:id", withdraw);
  routes.get("/v1/admin/roles", roles);
}
