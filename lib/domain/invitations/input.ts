import { z } from "zod";
import { emailAddress } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";
import { linkToken } from "#lib/core/link-token.ts";
import { listInput } from "#lib/core/list/input.ts";
import { rolesField, workspaceRolesField } from "#lib/domain/members/input.ts";
import { workspaceId } from "#lib/domain/workspaces/input.ts";
import { invitationSorts } from "./rules.ts";

export const invitationId = idField("invitation", "This is not an invitation's id.");

const atOnce = 20;

/** One address a line, or with commas between. */
const emails = z
  .preprocess(
    (sent) => (Array.isArray(sent) ? sent : String(sent ?? "").split(/[\s,;]+/)).filter((part) => part !== ""),
    z
      .array(emailAddress("Enter e-mail addresses only, such as ada@example.com."))
      .min(1, "Enter at least one e-mail address.")
      .max(atOnce, `At most ${atOnce} at once.`),
  )
  .transform((all) => [...new Set(all)]);

const roles = rolesField.default(["member"]);
const grants = z.array(z.object({ workspaceId, roles: workspaceRolesField }));

/** What programs say; every address gets an invitation of its own. */
export const inviteInput = z.object({ emails, roles, grants: grants.default([]) });
export type InviteInput = z.output<typeof inviteInput>;

/** What the form says: roles in the organization, and one choice of roles for all the workspaces ticked. */
export const inviteFormInput = z
  .object({
    emails,
    roles,
    workspaces: z.preprocess(
      (sent) => (Array.isArray(sent) ? sent : sent === undefined || sent === "" ? [] : [sent]),
      z.array(workspaceId),
    ),
    workspaceRoles: workspaceRolesField,
  })
  .superRefine(({ roles, workspaces, workspaceRoles }, issue) => {
    if (workspaces.length > 0 && workspaceRoles.length === 0) {
      issue.addIssue({
        code: "custom",
        path: ["workspaceRoles"],
        message: "Choose what they are in these workspaces.",
      });
    }
    if (workspaces.length === 0 && !roles.includes("organization_admin")) {
      const message = "Choose at least one workspace: without one there is nothing to open.";
      issue.addIssue({ code: "custom", path: ["workspaces"], message });
    }
  })
  .transform(({ workspaces, workspaceRoles, ...rest }) => ({
    ...rest,
    grants: workspaces.map((id) => ({ workspaceId: id, roles: workspaceRoles })),
  }));

export const invitationInput = z.object({ invitation: invitationId });

export const tokenInput = z.object({ token: linkToken });

/** Several, as rows ticked in a list. */
export const invitationsInput = z.object({
  ids: z.preprocess(
    (sent) => (Array.isArray(sent) ? sent : sent === undefined ? [] : [sent]),
    z.array(invitationId).min(1, "Choose at least one invitation.").max(50, "At most 50 at once."),
  ),
});

/** What the address of the open invitations can say. */
export const invitationFilter = listInput(invitationSorts, {
  state: z.enum(["open", "expired"]).optional().catch(undefined),
});
export type InvitationFilter = z.output<typeof invitationFilter>;
