import { z } from "zod";
import { isId } from "#db/id.ts";
import { auditSlice } from "#lib/domain/audit/listing/queries.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { uuid, uuidOf, uuidOfKind } from "./shapes.ts";

const actorTypes = ["HUMAN", "API_KEY", "OTHER"] as const;
const kindsOf: Record<(typeof actorTypes)[number], AuditRow["actorKind"][]> = {
  HUMAN: ["user", "staff"],
  API_KEY: ["key"],
  OTHER: ["job", "system", "anonymous"],
};
const typeOf = (kind: AuditRow["actorKind"]) => actorTypes.find((type) => kindsOf[type].includes(kind)) ?? "OTHER";

/** Our words for what has a name in the field; everything else keeps ours. */
const events: Record<string, string> = {
  "member.remove": "user.delete",
  "member.leave": "user.organization.leave",
  "member.set-roles": "user.organization.role.update",
  "member.set-workspace-roles": "workspace.member.role.update",
  "invitation.create": "organization.invite.send",
  "invitation.resend": "organization.invite.resend",
  "invitation.accept": "organization.invite.accepted",
  "invitation.revoke": "organization.invite.revoked",
  "workspace.rename": "workspace.update",
  "workspace.archive": "workspace.delete",
  "group.create": "user_group.create",
  "group.rename": "user_group.update",
  "group.remove": "user_group.delete",
};
const actionOf = (event: string): string => Object.keys(events).find((action) => events[action] === event) ?? event;

const targets: Record<string, string> = { group: "USER_GROUP", key: "API_KEY", admin_key: "ADMIN_API_KEY" };
const targetOf = (type: string): string => targets[type] ?? type.toUpperCase();
const objectOf = (target: string): string =>
  Object.keys(targets).find((type) => targets[type] === target) ?? target.toLowerCase();

const texts = z.record(z.string(), z.string());
const several = <S extends z.ZodType>(each: S) =>
  z.preprocess((sent) => (sent === undefined || Array.isArray(sent) ? sent : [sent]), z.array(each).optional());
/** A `created_at`, or a `created_at`, a comma and the `log_id` beside it. */
const instant = z.iso.datetime({ offset: true });
const place = z
  .string()
  .refine((text) => {
    const [at, sequence = "0", ...rest] = text.split(",");
    return instant.safeParse(at).success && /^\d{1,15}$/.test(sequence) && rest.length === 0;
  }, "Give a created_at, or one with a comma and its log_id.")
  .transform((text) => {
    const [at = "", sequence] = text.split(",");
    return { at: new Date(at), sequence: sequence === undefined ? undefined : Number(sequence) };
  })
  .describe(
    "A `created_at`; or `created_at,log_id` of one row, to go on from exactly there. Without a log_id, rows of one instant come together, beyond the limit.",
  );

const metadata = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );

const logs = adminEndpoint({
  can: "audit.read-organization",
  summary: "Read the audit log, newest first unless asked otherwise.",
  query: z.object({
    actor_type: several(z.enum(actorTypes)),
    event_type: several(z.string().max(100)),
    target_type: several(z.string().max(100)),
    actor_user_uuid: uuidOfKind("user").optional(),
    sort: z.enum(["ascending", "descending"]).default("descending"),
    after: place.optional(),
    before: place.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(20),
  }),
  output: z.array(
    z.object({
      created_at: z.iso.datetime(),
      actor_type: z.enum(actorTypes),
      actor_metadata: texts,
      event_type: z.string(),
      event_metadata: texts,
      target_type: z.string(),
      target_metadata: texts,
      log_id: z.number().int(),
      organization_uuid: uuid,
      workspace_uuid: uuid.nullable(),
    }),
  ),
  run: async (ctx, { query }) => {
    const rows = await auditSlice(ctx, {
      kinds: query.actor_type?.flatMap((type) => kindsOf[type]),
      actions: query.event_type?.map(actionOf),
      objects: query.target_type?.map(objectOf),
      actorId: query.actor_user_uuid,
      after: query.after,
      before: query.before,
      isAscending: query.sort === "ascending",
      limit: query.limit,
    });
    return rows.map((row) => ({
      created_at: row.at.toISOString(),
      actor_type: typeOf(row.actorKind),
      actor_metadata: metadata({
        id: isId("user", row.actorId) ? uuidOf(row.actorId) : row.actorId,
        name: row.actorName,
        address: row.address,
        agent: row.agent,
      }),
      event_type: events[row.action] ?? row.action,
      event_metadata: metadata({ before: row.before, after: row.after, clause: row.clause, hash: row.hash }),
      target_type: targetOf(row.objectType),
      target_metadata: metadata({ id: row.objectId }),
      log_id: row.sequence,
      organization_uuid: uuidOf(row.organizationId),
      workspace_uuid: row.workspaceId && uuidOf(row.workspaceId),
    }));
  },
});

export function adminAudit(routes: Routes): void {
  routes.get("/v1/admin/audit-logs", logs);
}
