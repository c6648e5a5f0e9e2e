import type { AccountContext } from "#lib/core/context.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { invite } from "#lib/domain/invitations/commands.ts";
import { inviteInput } from "#lib/domain/invitations/input.ts";
import { openInvitations } from "#lib/domain/invitations/queries.ts";
import { removeMember, setRoles, setWorkspaceRoles } from "#lib/domain/leaving/commands.ts";
import { memberFilter, rolesField, userId, workspaceRolesField } from "#lib/domain/members/input.ts";
import { membersOf } from "#lib/domain/members/queries.ts";
import type { MemberView } from "#lib/domain/members/view.ts";
import { workspaceById } from "#lib/domain/sign-up/provisioning/commands.ts";
import { archiveWorkspace, createWorkspace, restoreWorkspace } from "#lib/domain/workspaces/commands.ts";
import { createWorkspaceInput } from "#lib/domain/workspaces/input.ts";
import { type Command, idOf, type Options, type Outcome, optional, parse, required } from "./command.ts";

/** "dev,user"; nothing, or the option alone, is no role. */
const listOf = (text: string | undefined): string[] =>
  text === undefined || text === "true" ? [] : text.split(",").filter((part) => part !== "");

const inside = (ctx: AccountContext, { organization }: Options) =>
  inOrganization(ctx, idOf("organization", organization));

async function list(ctx: AccountContext, options: Options): Promise<Outcome> {
  const members: MemberView[] = [];
  let after: string | null | undefined;
  do {
    const page = await membersOf(inside(ctx, options), memberFilter.parse({ after }));
    members.push(...page.members);
    after = page.after;
  } while (after);
  const invitations = await openInvitations(inside(ctx, options));
  return {
    result: { members, invitations },
    lines: [
      ...members.map(({ id, email, roles, workspaces }) =>
        [id, email, roles.join(","), ...workspaces.map(placeWords)].join("  "),
      ),
      ...invitations.map(({ id, email, roles, state }) => `${id}  ${email}  ${roles.join(",")}  ${state} invitation`),
    ],
  };
}

const placeWords = ({ name, own, groups }: MemberView["workspaces"][number]): string =>
  `${name}: ${[...own, ...groups.map((group) => `${group.roles.join(",")} by ${group.name}`)].join(", ")}`;

async function inviteAll(ctx: AccountContext, options: Options): Promise<Outcome> {
  const roles = listOf(options["workspace-roles"]);
  const grants = listOf(options.workspace).map((workspaceId) => ({ workspaceId, roles }));
  const input = parse(inviteInput, { emails: listOf(options.email), roles: listOf(options.roles), grants });
  const made = await invite(inside(ctx, options), input);
  return { result: made, lines: made.map(({ id, email }) => `invitation ${id} to ${email}`) };
}

/** Without a workspace the roles in the organization, with one those there. */
async function changeRoles(ctx: AccountContext, options: Options): Promise<Outcome> {
  const id = parse(userId, options.user);
  const member = options.workspace
    ? await setWorkspaceRoles(
        inWorkspace(
          inOrganization(ctx, idOf("organization", options.organization)),
          idOf("workspace", options.workspace),
        ),
        id,
        parse(workspaceRolesField, listOf(options.roles)),
      )
    : await setRoles(inside(ctx, options), { user: id, roles: parse(rolesField, listOf(options.roles)) });
  return { result: member, lines: [[id, member.roles.join(","), ...member.workspaces.map(placeWords)].join("  ")] };
}

const closing = (run: typeof archiveWorkspace) => async (ctx: AccountContext, options: Options) => {
  const { organizationId, workspaceId } = await workspaceById(ctx, idOf("workspace", options.id));
  const workspace = await run(inOrganization(ctx, organizationId), { workspace: workspaceId });
  return { result: workspace, lines: [`${workspaceId} ${workspace.archivedAt ? "archived" : "active"}`] };
};

export const memberCommands: readonly Command[] = [
  {
    name: "member list",
    about: "Lists the people of an organization with their roles, and its open invitations.",
    options: { organization: required("ID") },
    run: list,
  },
  {
    name: "member invite",
    about: "Invites people by letter; the link works once, for seven days.",
    options: {
      organization: required("ID"),
      email: required("ADDRESS,ADDRESS"),
      roles: optional("billing_manager,organization_admin"),
      workspace: optional("ID,ID"),
      "workspace-roles": optional("user,dev,workspace_admin,observability_viewer"),
    },
    run: inviteAll,
  },
  {
    name: "member set-roles",
    about: "Says what somebody is in the organization or, with --workspace, in a workspace; no roles: a plain member.",
    options: {
      organization: required("ID"),
      user: required("ID"),
      roles: optional("ROLE,ROLE"),
      workspace: optional("ID"),
    },
    run: changeRoles,
  },
  {
    name: "member remove",
    about: "Ends somebody's membership; their keys are refused in under a second.",
    options: { organization: required("ID"), user: required("ID") },
    run: async (ctx, options) => {
      const removed = await removeMember(inside(ctx, options), { user: parse(userId, options.user) });
      return { result: removed, lines: [`removed ${removed.userId}, ${removed.keys} keys revoked`] };
    },
  },
  {
    name: "workspace create",
    about: "Makes a workspace; the organization's admins run it.",
    options: { organization: required("ID"), name: required("NAME") },
    run: async (ctx, options) => {
      const { name } = parse(createWorkspaceInput, { name: options.name });
      const workspace = await createWorkspace(inside(ctx, options), { name });
      return { result: workspace, lines: [`workspace ${workspace.id}`] };
    },
  },
  {
    name: "workspace archive",
    about: "Closes a workspace: its keys are refused in under a second, and nothing is deleted.",
    options: { id: required("ID") },
    run: closing(archiveWorkspace),
  },
  {
    name: "workspace restore",
    about: "Opens an archived workspace again, with everything it had.",
    options: { id: required("ID") },
    run: closing(restoreWorkspace),
  },
];
