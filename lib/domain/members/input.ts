import { z } from "zod";
import { memberRoles, workspaceRoles } from "#lib/core/access/roles.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput } from "#lib/core/list/input.ts";
import { workspaceId } from "#lib/domain/workspaces/input.ts";
import { memberSorts } from "./rules.ts";

export const userId = idField("user", "This is not a person's id.");

/** Ticked boxes: none, one or several. */
const several = (sent: unknown) => (Array.isArray(sent) ? sent : sent === undefined || sent === "" ? [] : [sent]);

/** Roles in the organization; everyone is a member, whatever else they are. */
export const rolesField = z
  .preprocess(several, z.array(z.enum(memberRoles, "Unknown role.")))
  .transform((chosen) => memberRoles.filter((role) => role === "member" || chosen.includes(role)));

export const workspaceRolesField = z
  .preprocess(several, z.array(z.enum(workspaceRoles, "Unknown role.")))
  .transform((chosen) => workspaceRoles.filter((role) => chosen.includes(role)));

export const memberInput = z.object({ user: userId });
export const rolesInput = z.object({ user: userId, roles: rolesField });
export const workspaceRolesInput = z.object({ user: userId, workspace: workspaceId, roles: workspaceRolesField });

const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined);

/** What of the members to list; what an address says wrongly is as if it were not said. */
export const memberFilter = listInput(memberSorts, {
  role: optional(z.enum(memberRoles)),
  workspace: optional(workspaceId),
});
export type MemberFilter = z.output<typeof memberFilter>;
