import { and, desc, eq, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { tunedModelGrants, tunedModels } from "#db/schema/tuned-models.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { containing } from "#lib/core/list/like.ts";
import type { Sharing } from "#lib/domain/sharing/input.ts";
import { callerStanding, everyoneHere, leftOfLimits, sharingChoices } from "#lib/domain/sharing/queries.ts";
import { type Grant, type Right, reachedThrough, type SharingStanding } from "#lib/domain/sharing/rules.ts";
import type { Reach } from "#lib/domain/sharing/view.ts";
import { type TunedModelState, tunedModelKind, tunedModelRights } from "./rules.ts";
import type { TunedModelView, TunedSharingView } from "./view.ts";

/** Who it is shared with by name, as the rule reads it. */
export const grantsOfModel = sql<
  Grant[]
>`coalesce((select json_agg(json_build_object('subjectId', ${tunedModelGrants.subjectId},
  'level', ${tunedModelGrants.level}) order by ${tunedModelGrants.subjectId}) from ${tunedModelGrants}
  where ${tunedModelGrants.organizationId} = ${tunedModels.organizationId}
    and ${tunedModelGrants.modelId} = ${tunedModels.id}), '[]'::json)`;

const shown = {
  id: tunedModels.id,
  workspaceId: tunedModels.workspaceId,
  ownerId: tunedModels.ownerId,
  ownerName: users.name,
  visibility: tunedModels.visibility,
  jobId: tunedModels.jobId,
  step: tunedModels.step,
  root: tunedModels.root,
  model: tunedModels.model,
  kind: tunedModels.kind,
  name: tunedModels.name,
  description: tunedModels.description,
  state: tunedModels.state,
  createdAt: tunedModels.createdAt,
  updatedAt: tunedModels.updatedAt,
  grants: grantsOfModel,
};

export const tunedModelHere = (ctx: Context, id?: string): SQL | undefined =>
  and(
    eq(tunedModels.organizationId, ctx.organizationId),
    eq(tunedModels.workspaceId, ctx.workspaceId),
    id === undefined ? undefined : eq(tunedModels.id, id),
  );

/** The condition that seeing one is, for lists; a test holds it to `tunedModelRights`. */
export function visibleTo(who: SharingStanding): SQL | undefined {
  if (!who.mayUse) return sql`false`;
  const granted = sql`exists (select from ${tunedModelGrants} where ${and(
    eq(tunedModelGrants.organizationId, tunedModels.organizationId),
    eq(tunedModelGrants.modelId, tunedModels.id),
    inArray(tunedModelGrants.subjectId, [who.subject, ...who.groups] as Id<"user">[]),
  )})`;
  return or(
    eq(tunedModels.ownerId, who.subject as Id<"user">),
    who.isAdmin ? sql`true` : undefined,
    who.hasSharing ? or(eq(tunedModels.visibility, "workspace"), granted) : undefined,
  );
}

export type TunedModelFilter = {
  search?: string | undefined;
  states?: readonly TunedModelState[] | undefined;
  job?: Id<"tuningJob"> | undefined;
  ids?: readonly string[] | undefined;
  /** After this one, in the order of the list: what was made last comes first. */
  after?: { createdAt: Date; id: string } | undefined;
  limit?: number | undefined;
};

/** The tuned models a person may see, the newest first (T-4.2.3-CONF: what is not shared is not there). */
export async function tunedModelsOf(ctx: Context, filter: TunedModelFilter = {}): Promise<TunedModelView[]> {
  authorize(ctx.actor, "models.read");
  const who = await callerStanding(ctx, tunedModelKind);
  const { search, states, job, ids, after, limit = 1000 } = filter;
  const part = search && containing(search);
  const rows = await ctx.db
    .select(shown)
    .from(tunedModels)
    .innerJoin(users, eq(users.id, tunedModels.ownerId))
    .where(
      and(
        tunedModelHere(ctx),
        visibleTo(who),
        part ? or(ilike(tunedModels.id, part), ilike(tunedModels.name, part)) : undefined,
        states && inArray(tunedModels.state, [...states]),
        job && eq(tunedModels.jobId, job),
        ids && inArray(tunedModels.id, [...ids]),
        after &&
          or(
            lt(tunedModels.createdAt, after.createdAt),
            and(eq(tunedModels.createdAt, after.createdAt), lt(tunedModels.id, after.id)),
          ),
      ),
    )
    .orderBy(desc(tunedModels.createdAt), desc(tunedModels.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, rights: tunedModelRights(who, row) }));
}

/** One tuned model, for a person who may do this with it; for everyone else it is not there. */
export async function tunedModelOf(ctx: Context, id: string, right: Right = "see"): Promise<TunedModelView> {
  authorize(ctx.actor, "models.read");
  const who = await callerStanding(ctx, tunedModelKind);
  const [row] = await ctx.db
    .select(shown)
    .from(tunedModels)
    .innerJoin(users, eq(users.id, tunedModels.ownerId))
    .where(tunedModelHere(ctx, id));
  const rights = row && tunedModelRights(who, row);
  if (!row || !rights?.has("see"))
    throw new AppError("not_found", `There is no model ${id} here.`, { code: "model_not_found" });
  if (!rights.has(right)) {
    const message = "You may not change this tuned model. Its owner, or who manages it, can.";
    throw new AppError("forbidden", message);
  }
  return { ...row, rights };
}

/** Who has what of a tuned model, for the person who manages it. */
export async function tunedSharingOf(ctx: Context, id: string): Promise<TunedSharingView> {
  authorize(ctx.actor, "models.read");
  const model = await tunedModelOf(ctx, id, "manage");
  const rows = await ctx.db
    .select()
    .from(tunedModelGrants)
    .where(and(eq(tunedModelGrants.organizationId, ctx.organizationId), eq(tunedModelGrants.modelId, id)))
    .orderBy(tunedModelGrants.createdAt, tunedModelGrants.subjectId);
  return { model, ...(await sharingChoices(ctx, tunedModelKind, rows)) };
}

/** The panel before saving: who is added, who can change it, and who loses it. */
export async function tunedReachOf(ctx: Context, id: string, proposed: Sharing): Promise<Reach> {
  authorize(ctx.actor, "models.read");
  const model = await tunedModelOf(ctx, id, "manage");
  const [people, leftPico] = await Promise.all([everyoneHere(ctx, tunedModelKind), leftOfLimits(ctx)]);
  const may = (who: SharingStanding, right: Right, thing: typeof model) => tunedModelRights(who, thing).has(right);
  const reached = reachedThrough(people, may, model, { ...model, ...proposed });
  const names = (some: readonly { name: string }[]) => some.map(({ name }) => name);
  const { added, editors, lost } = reached;
  return {
    ...{ added: names(added), editors: names(editors), lost: names(lost), tools: [], handoffs: [], leftPico },
    model: { name: id, isTuned: true },
  };
}
