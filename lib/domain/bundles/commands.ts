import { createHash, randomUUID } from "node:crypto";
import { and, count, eq, gt, lte, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { bundles } from "#db/schema/bundles.ts";
import { members } from "#db/schema/organizations.ts";
import { memberBehind } from "#lib/core/access/person.ts";
import { zipOf } from "#lib/core/archive.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { sealFrames } from "#lib/core/keyring/frames.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { type ByteRange, openStored, openStoredPart } from "#lib/core/keyring/stored.ts";
import { logError } from "#lib/core/log.ts";
import { post } from "#lib/core/mail/post.ts";
import { isKeyedHash } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { publishWebhookEvent } from "#lib/core/webhooks/publish.ts";
import { latestAgreement } from "#lib/domain/agreements/queries.ts";
import { meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import { bundleFiles } from "./contents/queries.ts";
import { bundleForInput, takeInput } from "./input.ts";
import { bundleReadyLetter } from "./letters.ts";
import {
  buildBundle,
  bundleClause,
  bundleDays,
  bundlePlaces,
  bundlesADay,
  lastBundleAt,
  manifestName,
  manifestText,
  rangeOf,
  signedText,
} from "./rules.ts";

const its = ({ organizationId }: OrganizationContext, id: Id<"bundle">) =>
  and(eq(bundles.organizationId, organizationId), eq(bundles.id, id));

/**
 * Asks for an archive of all that the organization has here: until thirty days after its agreement, one at a time and three
 * a day. It is made in the background; the person who asks gets a letter.
 */
export const requestBundle = command({
  can: "contract.export",
  within: "organization",
  stepUp: "bundle.create",
  run: async (ctx): Promise<Id<"bundle">> => ask(ctx, memberBehind(ctx.actor)),
});

/** The operator asks for an admin of the organization: that person gets the letter, and alone can download it. */
export const requestBundleFor = command({
  can: "system.operate",
  within: "organization",
  input: bundleForInput,
  run: async (ctx, { email }): Promise<Id<"bundle">> => {
    const [found] = await ctx.db
      .select({ id: users.id })
      .from(users)
      .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, ctx.organizationId)))
      .where(and(eq(users.email, email), sql`'organization_admin' = any(${members.roles})`));
    if (!found) throw new AppError("not_found", "No admin of this organization has this e-mail address.");
    return ask(ctx, found.id);
  },
});

const ask = (ctx: OrganizationContext, requestedBy: Id<"user">): Promise<Id<"bundle">> =>
  transaction(ctx, async (ctx) => {
    const { organizationId, now: requestedAt } = ctx;
    const endedAt = (await latestAgreement(ctx))?.endedAt;
    if (endedAt && lastBundleAt(endedAt) <= ctx.now)
      throw new AppError(
        "gone",
        "What was kept after the agreement is deleted; what is left are documents and invoices.",
      );
    const [recent] = await ctx.db
      .select({ n: count() })
      .from(bundles)
      .where(and(eq(bundles.organizationId, organizationId), gt(bundles.requestedAt, addDays(ctx.now, -1))));
    if ((recent?.n ?? 0) >= bundlesADay)
      throw new AppError("conflict", `${bundlesADay} archives were asked for within a day. Ask again tomorrow.`);
    const id = newId("bundle", requestedAt);
    const [made] = await ctx.db
      .insert(bundles)
      .values({ organizationId, id, state: "queued", requestedBy, requestedAt })
      .onConflictDoNothing()
      .returning({ id: bundles.id });
    if (!made) throw new AppError("conflict", "An archive is being made already. You get it as soon as it is.");
    await enqueue(ctx, buildBundle, { organizationId, bundleId: id });
    await writeAudit(ctx, { action: "bundle.create", object: { type: "bundle", id }, clause: bundleClause });
    return id;
  });

/**
 * Makes an archive that was asked for. Safe to run again after a kill: nothing of a try before is ever read, because each
 * has a key of its own and the row names the last.
 */
export const makeBundle = command({
  can: "system.operate",
  within: "organization",
  run: async (ctx, id: Id<"bundle">): Promise<void> => {
    const [found] = await ctx.db.select().from(bundles).where(its(ctx, id));
    if (found?.state !== "queued") return;
    const { key, wrapped } = await newLastingKey(id);
    const made = { bytes: 0, files: 0, hash: createHash("sha256") };
    const manifest = {
      name: manifestName,
      text: (listed: Parameters<typeof manifestText>[1]) => {
        made.files = listed.length + 1;
        return manifestText({ id, organizationId: ctx.organizationId, at: ctx.now }, listed);
      },
    };
    async function* watched(): AsyncGenerator<Buffer> {
      for await (const piece of zipOf(bundleFiles(ctx), ctx.now, manifest)) {
        made.bytes += piece.length;
        made.hash.update(piece);
        yield piece;
      }
    }
    const place = `${bundlePlaces(ctx.organizationId, id)}${randomUUID()}`;
    await storage().write(place, sealFrames({ key, label: id }, watched()));
    const isKept = await finish(ctx, id, {
      key: wrapped,
      place,
      bytes: made.bytes,
      files: made.files,
      sha256: made.hash.digest("hex"),
    });
    // Another process was faster, or it was given up meanwhile.
    if (!isKept) await storage().remove(place);
  },
});

type Made = { key: Buffer; place: string; bytes: number; files: number; sha256: string };

const finish = (ctx: OrganizationContext, id: Id<"bundle">, made: Made): Promise<boolean> =>
  transaction(ctx, async (ctx) => {
    const expiresAt = addDays(ctx.now, bundleDays);
    const [ready] = await ctx.db
      .update(bundles)
      .set({ state: "ready", readyAt: ctx.now, expiresAt, ...made })
      .where(and(its(ctx, id), eq(bundles.state, "queued")))
      .returning();
    if (!ready) return false;
    const { bytes, files, sha256 } = made;
    await openDeadline(ctx, { clock: "bundle.expiry", subject: { kind: "bundle", id }, dueAt: expiresAt });
    const object = { type: "bundle", id } as const;
    await writeAudit(ctx, {
      action: "bundle.finish",
      object,
      after: { bytes, files, sha256, expires: expiresAt },
      clause: bundleClause,
    });
    await publishWebhookEvent(ctx, "export.ready", {
      ...{ bundle_id: id, bytes, files, checksum: sha256 },
      expires_at: expiresAt.toISOString(),
    });
    const [to] = await ctx.db
      .select({ email: users.email, name: users.name })
      .from(users)
      .where(eq(users.id, ready.requestedBy));
    if (to) await post(ctx, { ...bundleReadyLetter(to, "/agreement"), organizationId: ctx.organizationId });
    return true;
  });

export type Taken = { bytes: number; range: ByteRange | null; pieces: AsyncIterable<Buffer> };

/**
 * Opens an archive for the person whose signed-in browser its address was made for. What is wrong with an address is not
 * told; that its week is over, is. Each download is audited, and a later part of one is the same download.
 */
export const takeBundle = command({
  can: "contract.export",
  within: "organization",
  input: takeInput,
  run: async (ctx, { id, expires, signature, range: header }): Promise<Taken> => {
    const [found] = await ctx.db.select().from(bundles).where(its(ctx, id));
    const isTheirs = found && isKeyedHash(signature, signedText(id, memberBehind(ctx.actor), expires));
    if (!isTheirs) throw new AppError("not_found", "There is no such archive.");
    const isOver = expires * 1000 <= ctx.now.getTime() || found.state !== "ready";
    if (isOver || !found.key || !found.place || found.bytes === null)
      throw new AppError("gone", "This archive is deleted: one is kept for a week. Ask for another.");
    const { bytes, place, key: wrapped } = found;
    const range = rangeOf(header, bytes);
    if (range === "unsatisfiable")
      throw new AppError("invalid", `The archive has ${bytes} bytes.`, { code: "range_not_satisfiable" });
    const content = { place, label: id, wrapped, bytes };
    const pieces = await (range ? openStoredPart(content, range) : openStored(content));
    if ((range?.first ?? 0) === 0) await noteDownload(ctx, id);
    return { bytes, range, pieces };
  },
});

const noteDownload = (ctx: OrganizationContext, id: Id<"bundle">): Promise<void> =>
  transaction(ctx, async (ctx) => {
    await ctx.db
      .update(bundles)
      .set({ downloads: sql`${bundles.downloads} + 1` })
      .where(its(ctx, id));
    await writeAudit(ctx, { action: "bundle.download", object: { type: "bundle", id }, clause: bundleClause });
  });

const atOnce = 100;
const named = { organizationId: bundles.organizationId, id: bundles.id };

/** Those of every try. */
async function removeBytes(organizationId: Id<"organization">, id: Id<"bundle">): Promise<void> {
  for await (const place of storage().list(bundlePlaces(organizationId, id))) await storage().remove(place);
}

/** One that could not be made in a day is given up, so that another can be asked for; says how many. */
export const giveUpBundles = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const stuck = and(eq(bundles.state, "queued"), lte(bundles.requestedAt, addDays(ctx.now, -1)));
    const given = await ctx.db.update(bundles).set({ state: "failed" }).where(stuck).returning(named);
    for (const { organizationId, id } of given) {
      await removeBytes(organizationId, id);
      logError("contract.bundle-failed", new Fault("An archive was not made in a day."), { bundle: id });
    }
    return given.length;
  },
});

/**
 * Deletes archives whose week is over, and what tries that were killed left beside them; says how many. The bytes go
 * first: after a kill in between the row still says that something is to be done, and its time is over all the same.
 */
export const expireBundles = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const due = await ctx.db
      .select(named)
      .from(bundles)
      .where(and(eq(bundles.state, "ready"), lte(bundles.expiresAt, ctx.now)))
      .limit(atOnce);
    for (const { organizationId, id } of due) {
      await removeBytes(organizationId, id);
      await transaction(inOrganization(ctx, organizationId), (ctx) => expire(ctx, id));
    }
    return due.length;
  },
});

async function expire(ctx: OrganizationContext, id: Id<"bundle">): Promise<void> {
  const [gone] = await ctx.db
    .update(bundles)
    .set({ state: "expired", key: sql`null` })
    .where(and(its(ctx, id), eq(bundles.state, "ready")))
    .returning({ id: bundles.id });
  if (!gone) return;
  await meetDeadline(ctx, "bundle.expiry", id);
  await writeAudit(ctx, { action: "bundle.expire", object: { type: "bundle", id }, clause: bundleClause });
}
