import { isDeepStrictEqual } from "node:util";
import { and, desc, eq, isNotNull, isNull, lt, lte, notInArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { noticeRuns } from "#db/schema/contract.ts";
import { documents, publications } from "#db/schema/terms.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { announce } from "#lib/domain/notices/legal/commands.ts";
import { addVersion, lockKind } from "#lib/domain/terms/drafts/commands.ts";
import { draftOf } from "#lib/domain/terms/rules.ts";
import { announceInput, approveInput, draftInput, withdrawInput } from "./input.ts";
import { earliestDate } from "./rules.ts";
import type { Publication } from "./view.ts";

/** Writes a draft from a text with front matter. */
export const draftVersion = command({
  can: "terms.decide",
  within: "account",
  input: draftInput,
  run: async (ctx, { kind, text }): Promise<void> => {
    const { PROVIDER_NAME: provider, PROVIDER_LEGAL_NAME: legalName, SUPPORT_EMAIL: support } = env();
    const draft = readable(() => draftOf(text, { provider, legalName, support }));
    const added = await transaction(ctx, (ctx) => addVersion(ctx, kind, draft));
    if (!added)
      throw new AppError("conflict", `Version ${draft.version} is here already. Give the new text a higher version.`, {
        code: "version_known",
      });
  },
});

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new AppError("invalid", "Check the marked fields.", {
      fields: { text: [`This text cannot be used: ${error instanceof Error ? error.message : error}.`] },
    });
  }
}

async function locked(
  ctx: AccountContext,
  id: Id<"publication">,
  states: Publication["state"][],
): Promise<Publication> {
  const [place] = await ctx.db.select({ kind: publications.kind }).from(publications).where(eq(publications.id, id));
  if (!place) throw new AppError("not_found", "There is no such publication.");
  await lockKind(ctx, place.kind);
  const [found] = await ctx.db.select().from(publications).where(eq(publications.id, id));
  if (!found || !states.includes(found.state))
    throw new AppError("conflict", `This version is ${(found?.state ?? "gone").replace("_", " ")}.`, {
      code: "wrong_state",
    });
  return found;
}

/**
 * Decides that a draft is to hold. What does not change the contract in substance holds at once (T-7-NS); a substantial
 * change waits for a second person, who announces it (T-7-SUB), unless the operator is alone.
 */
export const approvePublication = command({
  can: "terms.decide",
  within: "account",
  input: approveInput,
  run: async (ctx, { id, change, summary, plannedAt = null }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const draft = await locked(ctx, id, ["draft", "approved"]);
      const approved: Publication = {
        ...draft,
        ...{ change, summary, state: "approved", by: ctx.actor.id, approvedAt: ctx.now },
        plannedAt: change === "substantial" ? plannedAt : null,
      };
      if (change === "substantial") refuseEarly(ctx, approved);
      else await refuseOtherValues(ctx, draft);
      await refuseWhileAnnounced(ctx, draft);
      await keep(ctx, approved);
      await note(ctx, approved, "terms.approve");
      if (change === "non_substantial") await bringIntoForce(ctx, approved, ctx.now);
      else if (env().APPROVERS === 1) await goOut(ctx, approved);
    }),
});

/** T-7-SUB: the second person announces a substantial change to every customer. */
export const announcePublication = command({
  can: "terms.decide",
  within: "account",
  input: announceInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const approved = await locked(ctx, id, ["approved"]);
      if (approved.by === ctx.actor.id)
        throw new AppError("forbidden", "You approved it; another person has to announce it.", {
          code: "second_person",
        });
      refuseEarly(ctx, approved);
      await refuseWhileAnnounced(ctx, approved);
      await goOut(ctx, approved);
    }),
});

/** Takes back a version that no one was told of. What was announced stays announced. */
export const withdrawPublication = command({
  can: "terms.decide",
  within: "account",
  input: withdrawInput,
  run: async (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const draft = await locked(ctx, id, ["draft", "approved"]);
      await keep(ctx, { ...draft, state: "withdrawn" });
      await note(ctx, draft, "terms.withdraw");
    }),
});

/** T-7-SUB: the letters have to be there thirty days before. */
function refuseEarly(ctx: AccountContext, { plannedAt }: Publication): void {
  const earliest = earliestDate(ctx.now);
  if (plannedAt && plannedAt >= earliest) return;
  const date = earliest.toISOString();
  throw new AppError("conflict", `Customers are told at least 30 days before. The earliest date is now ${date}.`, {
    code: "too_early",
    fields: { plannedAt: [`The earliest is ${date}.`] },
    details: { earliest: date },
  });
}

/** The next version waits until the one that is announced holds, so that no one has two changes before them. */
async function refuseWhileAnnounced(ctx: AccountContext, { kind }: Publication): Promise<void> {
  const its = and(eq(publications.kind, kind), eq(publications.state, "announced"));
  if ((await ctx.db.$count(publications, its)) === 0) return;
  throw new AppError("conflict", "A version of this document is announced and does not hold yet. Wait for its date.", {
    code: "announced_already",
  });
}

/** A number that customers rely on is the substance of a contract: it changes with a notice only. */
async function refuseOtherValues(ctx: AccountContext, { kind, version }: Publication): Promise<void> {
  const [now, before] = await ctx.db
    .select({ version: documents.version, values: documents.values })
    .from(documents)
    .innerJoin(publications, eq(publications.documentId, documents.id))
    .where(
      and(eq(documents.kind, kind), lte(documents.version, version), notInArray(publications.state, ["withdrawn"])),
    )
    .orderBy(desc(documents.version))
    .limit(2);
  if (isDeepStrictEqual(now?.values ?? {}, before?.values ?? {})) return;
  throw new AppError("conflict", "It states other values than the version in force, so the change is substantial.", {
    code: "values_changed",
    fields: { change: ["It states other values than the version in force: choose substantial."] },
  });
}

async function goOut(ctx: AccountContext, approved: Publication): Promise<void> {
  const { id: aboutId, plannedAt, kind } = approved;
  if (!plannedAt) throw new Error("A change without a date cannot be announced.");
  await keep(ctx, { ...approved, state: "announced", announcedAt: ctx.now, secondBy: ctx.actor.id });
  const audience = kind === "data-processing" ? "business" : "everyone";
  await announce(ctx, { about: "terms", aboutId, clause: "T-7-SUB", plannedAt, audience });
  await note(ctx, approved, "terms.announce");
}

async function bringIntoForce(ctx: AccountContext, publication: Publication, effectiveAt: Date): Promise<void> {
  const { kind, version } = publication;
  await ctx.db
    .update(publications)
    .set({ state: "replaced" })
    .where(and(eq(publications.kind, kind), lt(publications.version, version), eq(publications.state, "in_force")));
  await keep(ctx, { ...publication, state: "in_force", effectiveAt });
  await note(ctx, { ...publication, effectiveAt }, "terms.put-in-force");
}

/** What was announced is in force once its run is over and its date has come; no customer's own date waits for this. */
export const activatePublications = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const due = await ctx.db
      .select({ id: publications.id })
      .from(publications)
      .innerJoin(noticeRuns, and(eq(noticeRuns.about, "terms"), eq(noticeRuns.aboutId, publications.id)))
      .where(
        and(eq(publications.state, "announced"), isNotNull(noticeRuns.effectiveAt), isNull(publications.effectiveAt)),
      );
    for (const { id } of due) await transaction(ctx, (ctx) => activate(ctx, id));
  },
});

async function activate(ctx: AccountContext, id: Id<"publication">): Promise<void> {
  const announced = await locked(ctx, id, ["announced"]).catch(() => null);
  const [run] = await ctx.db.select().from(noticeRuns).where(eq(noticeRuns.aboutId, id));
  if (!announced || !run?.effectiveAt || run.effectiveAt > ctx.now) return;
  await bringIntoForce(ctx, announced, run.effectiveAt);
}

const keep = (ctx: AccountContext, { id, ...rest }: Publication) =>
  ctx.db.update(publications).set(rest).where(eq(publications.id, id));

type Action = "terms.approve" | "terms.announce" | "terms.withdraw" | "terms.put-in-force";

const note = (
  ctx: AccountContext,
  { id, kind, version, change, plannedAt, effectiveAt }: Publication,
  action: Action,
) =>
  writeAudit(ofProvider(ctx), {
    action,
    object: { type: "publication", id },
    after: { kind, version, change, plannedAt, effectiveAt, approvers: env().APPROVERS },
    clause: change === "substantial" ? "T-7-SUB" : "T-7-NS",
  });
