import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agents } from "#db/schema/agents.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { deletionReceipts, receiptHeads, receiptKeys } from "#db/schema/receipts.ts";
import { addDays, dayOf } from "#lib/core/clock.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import type { RetentionClassName } from "#lib/domain/retention/classes/rules.ts";
import { problemsOf } from "#lib/domain/retention/receipts/checking/rules.ts";
import { bodyOf, type ReceiptBody, type ReceiptFile, receiptFile } from "#lib/domain/retention/receipts/rules.ts";
import { remove } from "#lib/domain/retention/stores/commands.ts";
import { copiesPrefix, copyKey, dayPrefix, receiptAt } from "./rules.ts";

const atOnce = 500;

/** Puts receipts beside the database that are only in it; says how many. Copying one twice does no harm. */
export const copyReceipts = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const rows = await ctx.db
      .select({ receipt: deletionReceipts, publicKey: receiptKeys.publicKey })
      .from(deletionReceipts)
      .innerJoin(receiptKeys, eq(receiptKeys.id, deletionReceipts.keyId))
      .where(isNull(deletionReceipts.copiedAt))
      .orderBy(asc(deletionReceipts.at))
      .limit(atOnce);
    for (const { receipt, publicKey } of rows) {
      const { organizationId, id, signed, signature, keyId } = receipt;
      const file: ReceiptFile = { signed, signature, key_id: keyId, public_key: publicKey };
      await storage().write(copyKey(bodyOf(receipt)), [Buffer.from(JSON.stringify(file))]);
      const it = and(eq(deletionReceipts.organizationId, organizationId), eq(deletionReceipts.id, id));
      await ctx.db.update(deletionReceipts).set({ copiedAt: ctx.now }).where(it);
    }
    return rows.length;
  },
});

/** Keys of copies whose receipt this database does not have: it was put back from a backup that is older than they are. */
async function unknownCopies(ctx: AccountContext): Promise<string[]> {
  const [latest] = await ctx.db
    .select({ at: deletionReceipts.at })
    .from(deletionReceipts)
    .orderBy(desc(deletionReceipts.at))
    .limit(1);
  const found: string[] = [];
  for (const prefix of latest ? daysFrom(addDays(latest.at, -1), ctx.now) : [copiesPrefix])
    for await (const key of storage().list(prefix)) found.push(key);
  const unknown: string[] = [];
  for (let at = 0; at < found.length; at += atOnce) unknown.push(...(await without(ctx, found.slice(at, at + atOnce))));
  return unknown.toSorted();
}

/** One day more at both ends, for clocks that do not agree. */
function daysFrom(first: Date, last: Date): string[] {
  const days: string[] = [];
  for (let day = first; dayOf(day) <= dayOf(addDays(last, 1)); day = addDays(day, 1)) days.push(dayPrefix(dayOf(day)));
  return days;
}

/** Copies of organizations that are not here at all are another database's. */
async function without(ctx: AccountContext, keys: readonly string[]): Promise<string[]> {
  const named = keys.flatMap((key) => {
    const receipt = receiptAt(key);
    return receipt ? [{ key, ...receipt }] : [];
  });
  const ids = named.map(({ id }) => id as Id<"deletionReceipt">);
  const theirs = [...new Set(named.map(({ organization }) => organization as Id<"organization">))];
  const known = await ctx.db
    .select({ id: deletionReceipts.id })
    .from(deletionReceipts)
    .where(inArray(deletionReceipts.id, ids));
  const here = await ctx.db
    .select({ id: organizations.id })
    .from(organizations)
    .where(inArray(organizations.id, theirs));
  const [receipts, owners] = [new Set<string>(known.map(({ id }) => id)), new Set<string>(here.map(({ id }) => id))];
  return named.filter(({ id, organization }) => owners.has(organization) && !receipts.has(id)).map(({ key }) => key);
}

/** At the start: a database that has forgotten deletions serves nothing, because what was deleted is in it again. */
export const refuseForgotten = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    const unknown = await unknownCopies(ctx);
    if (unknown.length === 0) return;
    throw new AppError(
      "unavailable",
      [
        `This database was put back from a backup: ${unknown.length} deletions that were made after it are not in it.`,
        "Nothing is served, because what was deleted is there again.",
        "Delete it again with: npm run admin -- retention replay",
      ].join("\n"),
    );
  },
});

/** Makes the deletions again that a backup which was put back has forgotten, and takes their receipts in; says which. */
export const replayReceipts = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<ReceiptBody[]> => {
    const replayed: ReceiptBody[] = [];
    for (const key of await unknownCopies(ctx)) {
      const file = await readCopy(key);
      const problems = problemsOf(file);
      if (problems.length > 0) throw new Fault(`The copy of a receipt is not whole: ${problems.join(" ")}`);
      await transaction(ctx, (ctx) => replay(ctx, file));
      replayed.push(bodyOf(file));
    }
    return replayed;
  },
});

async function readCopy(key: string): Promise<ReceiptFile> {
  const parts: Uint8Array[] = [];
  for await (const piece of await storage().read(key)) parts.push(piece);
  return receiptFile.parse(JSON.parse(Buffer.concat(parts).toString()));
}

async function replay(ctx: AccountContext, file: ReceiptFile): Promise<void> {
  const body = bodyOf(file);
  const organizationId = body.organization as Id<"organization">;
  const workspaceId = body.workspace as Id<"workspace"> | null;
  if (body.cause === "zero-retention") await forbidAgain(ctx, organizationId, workspaceId);
  if (body.targets.length > 0) for (const target of body.targets) await removeTarget(ctx, organizationId, target);
  else
    for (const { class: name } of body.removed)
      await remove(ctx, name as RetentionClassName, { organizationId, workspaceId });
  const { signed, signature, key_id: keyId, public_key: publicKey } = file;
  const [hash, at] = [sha256(signed), new Date(body.done_at)];
  await ctx.db.insert(receiptKeys).values({ id: keyId, publicKey, since: at }).onConflictDoNothing();
  const receipt = { organizationId, id: body.id as Id<"deletionReceipt">, sequence: body.sequence, at };
  await ctx.db.insert(deletionReceipts).values({ ...receipt, signed, hash, keyId, signature, copiedAt: ctx.now });
  const head = { sequence: body.sequence, hash };
  await ctx.db
    .insert(receiptHeads)
    .values({ organizationId, ...head })
    .onConflictDoUpdate({ target: receiptHeads.organizationId, set: head });
}

/** What was under zero retention is so again: whoever ended it since then ends it once more. */
async function forbidAgain(ctx: AccountContext, organization: Id<"organization">, workspace: Id<"workspace"> | null) {
  const since = <T>(column: T) => ({
    zeroRetentionSince: sql`coalesce(${column}, ${ctx.now.toISOString()}::timestamptz)`,
  });
  if (workspace)
    await ctx.db
      .update(workspaces)
      .set(since(workspaces.zeroRetentionSince))
      .where(and(eq(workspaces.organizationId, organization), eq(workspaces.id, workspace)));
  else
    await ctx.db
      .update(organizations)
      .set(since(organizations.zeroRetentionSince))
      .where(eq(organizations.id, organization));
}

async function removeTarget(
  ctx: AccountContext,
  organizationId: Id<"organization">,
  { kind, id }: ReceiptBody["targets"][number],
): Promise<void> {
  if (kind !== "agent") throw new Fault(`A receipt names a ${kind}, which this version does not know.`);
  const it = and(eq(agents.organizationId, organizationId), eq(agents.id, id as Id<"agent">));
  await ctx.db.delete(agents).where(it);
}
