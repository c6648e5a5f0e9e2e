import { and, eq, inArray, isNotNull, ne, notInArray, sql } from "drizzle-orm";
import { agents } from "#db/schema/agents.ts";
import { connections } from "#db/schema/connections.ts";
import { conversations } from "#db/schema/conversations.ts";
import { blobs, files, fileUploads } from "#db/schema/files.ts";
import {
  receivedMail,
  ticketFiles,
  ticketMessages,
  ticketNotes,
  ticketPeople,
  ticketRatings,
  tickets,
  ticketWatchers,
  ticketWords,
} from "#db/schema/help.ts";
import { heldContents, holds } from "#db/schema/holds.ts";
import { contentSums, keyringState, scopeKeys } from "#db/schema/retention.ts";
import { contents } from "#db/schema/usage.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, isInTransaction, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import {
  beginTurn,
  dropDurable,
  endTurn,
  type Keyring,
  newKeyring,
  turnDurable,
  withHours,
} from "#lib/core/keyring/document.ts";
import { keyringPlace, readKeyring, writeKeyring } from "#lib/core/keyring/keyring.ts";
import { newLastingKey, wrapLastingAnew } from "#lib/core/keyring/lasting.ts";
import { ownerOf, unwrapKey, wrapKey } from "#lib/core/keyring/sealing.ts";
import type { Scope } from "#lib/domain/retention/stores/view.ts";
import { flawOf, flawWords, lastingTables, lostConnection } from "./rules.ts";

const writersLock = 727_004;

type Change = (keyring: Keyring, ctx: AccountContext) => Keyring | Promise<Keyring>;

/**
 * Changes the keyring as the only writer; the database notes which change it has seen, and every process hears of it. The
 * document is written last: what fails before leaves it as it was, and a database that has not seen it does no harm.
 */
const changeKeyring = part(
  async (ctx: AccountContext, change: Change): Promise<Keyring> =>
    transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(${writersLock})`);
      const before = await currentKeyring(ctx);
      const after = await change(before ?? newKeyring(ctx.now), ctx);
      await noteKeyring(ctx, after);
      if (after !== before) await writeKeyring(after);
      return after;
    }),
);

/** The keyring of this database, null where there is none yet; an error that says what to do where the two do not fit. */
async function currentKeyring(ctx: AccountContext): Promise<Keyring | null> {
  const [seen] = await ctx.db.select().from(keyringState);
  const found = await readKeyring();
  const flaw = flawOf(found, seen && { id: seen.keyring, epoch: seen.epoch });
  if (flaw) throw new AppError("unavailable", flawWords(flaw, keyringPlace()));
  return found;
}

async function noteKeyring(ctx: AccountContext, { id, epoch, content }: Keyring): Promise<void> {
  const seen = { keyring: id, epoch, contentRing: content.id, changedAt: ctx.now };
  const changed = await ctx.db
    .insert(keyringState)
    .values(seen)
    .onConflictDoUpdate({
      target: keyringState.only,
      set: seen,
      setWhere: sql`${keyringState.epoch} <> excluded.epoch or ${keyringState.keyring} <> excluded.keyring`,
    })
    .returning({ epoch: keyringState.epoch });
  if (changed.length > 0) await ctx.db.execute(sql`select pg_notify('gate', 'keyring')`);
}

/** At the start: makes the first keyring of a new database, and refuses one that is missing or older than the database. */
export const settleKeyring = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await changeKeyring(ctx, async (keyring, ctx) => {
      // A database that was put back from a backup has keys that nothing opens any more, and so has nothing.
      const rings = [keyring.content.id, ...(keyring.contentBefore ? [keyring.contentBefore.id] : [])];
      await ctx.db.delete(scopeKeys).where(notInArray(scopeKeys.ring, rings));
      return withHours(keyring, ctx.now);
    });
  },
});

/** T-4.2.2.2-D1: makes the keys of the hours to come, and destroys those of hours whose thirty days are over. */
export const turnHours = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await changeKeyring(ctx, (keyring) => withHours(keyring, ctx.now));
  },
});

/**
 * Destroys the keys of workspaces, and with them every copy of what was sealed under them, also in logs and backups of the
 * database: theirs go, all others are wrapped under another ring, and the one before it is destroyed. Takes about a tenth
 * of a millisecond for each workspace there is. It cannot be undone, so it is no part of another transaction.
 */
export const destroyScopeKeys = part(async (ctx: AccountContext, scopes: readonly Scope[]): Promise<void> => {
  if (isInTransaction(ctx)) throw new Fault("Keys are destroyed outside of transactions.");
  let isBegun = false;
  while (!isBegun) {
    // A turn that was interrupted has its end first: its newer ring has wrapped what shall go now.
    await endContentTurn(ctx);
    await changeKeyring(ctx, async (keyring, ctx) => {
      if (keyring.contentBefore) return keyring;
      isBegun = true;
      await haltMakers(ctx);
      for (const scope of scopes) await removeScopeKeys(ctx, scope);
      const turned = beginTurn(keyring);
      await wrapAnew(ctx, turned);
      return turned;
    });
  }
  await endContentTurn(ctx);
});

/**
 * The same within a transaction, which may be undone: the keys go from the database with it, and copies of them are
 * destroyed when the rings are turned the next night.
 */
export const removeScopeKeys = part(async (ctx: AccountContext, scope: Scope): Promise<void> => {
  await ctx.db.delete(scopeKeys).where(within(scope));
});

const within = ({ organizationId, workspaceId }: Scope) =>
  and(
    eq(scopeKeys.organizationId, organizationId),
    workspaceId === null ? undefined : eq(scopeKeys.workspaceId, workspaceId),
  );

/** Turns the content ring and the durable one, which destroys what was left out of them: keys of what was deleted. */
export const turnRings = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<void> => {
    await destroyScopeKeys(ctx, []);
    const turned = await changeKeyring(ctx, (keyring) => turnDurable(keyring, ctx.now));
    for (const table of lastingTables) await wrapLasting(ctx, turned, table);
    await changeKeyring(ctx, async (keyring, ctx) => {
      const used = await Promise.all(lastingTables.map((table) => ringsOf(ctx, table)));
      return dropDurable(keyring, ctx.now, env().BACKUP_DAYS, new Set(used.flat()));
    });
  },
});

type LastingTable = (typeof lastingTables)[number];

const batchSize = 1000;
const ringOf = ({ key }: LastingTable) => sql<string>`encode(substring(${key} from 1 for 4), 'hex')`;

async function ringsOf(ctx: AccountContext, table: LastingTable): Promise<string[]> {
  const found = await ctx.db
    .selectDistinct({ ring: ringOf(table) })
    .from(table)
    .where(isNotNull(table.key));
  return found.map(({ ring }) => ring);
}

/** Puts the keys of a table under the newest ring, in batches that commit by themselves; what no ring opens is left as it is. */
async function wrapLasting(ctx: AccountContext, keyring: Keyring, table: LastingTable): Promise<void> {
  const [newest, ...before] = keyring.durable.map(({ id }) => id);
  if (!newest || before.length === 0) return;
  for (;;) {
    const rows = await ctx.db
      .select({ id: table.id, key: table.key })
      .from(table)
      .where(inArray(ringOf(table), before))
      .limit(batchSize);
    const anew = rows.map(({ id, key }) => ({
      id,
      before: key?.toString("base64"),
      key: key && wrapLastingAnew(keyring, key, id)?.toString("base64"),
    }));
    await ctx.db.execute(sql`update ${table} set ${sql.identifier(table.key.name)} = decode(anew.key, 'base64')
      from json_to_recordset(${JSON.stringify(anew)}::text::json) as anew (id text, before text, key text)
      where ${table.id} = anew.id and ${table.key} = decode(anew.before, 'base64')`);
    if (rows.length < batchSize) return;
  }
}

/** Destroys the ring before once every key is under the newest; what was left behind is put under it first. */
async function endContentTurn(ctx: AccountContext): Promise<void> {
  for (;;) {
    const { contentBefore } = await changeKeyring(ctx, async (keyring, ctx) => {
      if (!keyring.contentBefore) return keyring;
      await haltMakers(ctx);
      // What is wrapped here has to be committed before its former ring goes, so that is for the next time around.
      return (await wrapAnew(ctx, keyring)) > 0 ? keyring : endTurn(keyring);
    });
    if (!contentBefore) return;
  }
}

/** Whoever makes a key under the ring so far is waited for, and no one does any more before this transaction ends. */
const haltMakers = (ctx: AccountContext) => ctx.db.select().from(keyringState).for("update");

/** Puts every key under the newest ring; says how many were not. One that no ring opens is of no use to anyone, and goes. */
async function wrapAnew(ctx: AccountContext, { content, contentBefore: before }: Keyring): Promise<number> {
  const rows = await ctx.db.select().from(scopeKeys).where(ne(scopeKeys.ring, content.id));
  const wrapped = rows.flatMap((row) =>
    row.ring === before?.id
      ? {
          organization_id: row.organizationId,
          workspace_id: row.workspaceId,
          wrapped: wrapKey(content, unwrapKey(before, row.wrapped, ownerOf(row)), ownerOf(row)).toString("base64"),
        }
      : [],
  );
  await ctx.db.execute(sql`update scope_keys set ring = ${content.id}, wrapped = decode(anew.wrapped, 'base64')
    from json_to_recordset(${JSON.stringify(wrapped)}::text::json) as anew (organization_id text, workspace_id text, wrapped text)
    where scope_keys.organization_id = anew.organization_id and scope_keys.workspace_id = anew.workspace_id`);
  await ctx.db.delete(scopeKeys).where(ne(scopeKeys.ring, content.id));
  return rows.length;
}

/** For a keyring that is lost: another one, without what was sealed under the one before. */
export const renewKeyring = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<Record<"packs" | "conversations" | "agents" | "tickets" | "files", number>> =>
    transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(${writersLock})`);
      if (await isUsable(ctx)) throw new AppError("conflict", "The keyring is there and fits. It needs no renewal.");
      await ctx.db.delete(scopeKeys);
      const lostAgents = await ctx.db.delete(agents).where(isNotNull(agents.key)).returning({ id: agents.id });
      const lost = await ctx.db
        .delete(conversations)
        .where(isNotNull(conversations.key))
        .returning({ id: conversations.id });
      const lostTickets = await removeTickets(ctx);
      const lostFiles = await ctx.db.delete(files).returning({ id: files.id });
      await ctx.db.update(blobs).set({ key: null });
      await ctx.db.delete(fileUploads);
      await ctx.db.update(connections).set(lostConnection(ctx.now)).where(isNotNull(connections.key));
      const packs = await ctx.db.$count(contents);
      await ctx.db.delete(contents);
      await ctx.db.delete(contentSums);
      const renewed = newKeyring(ctx.now);
      await noteKeyring(ctx, renewed);
      await writeKeyring(renewed);
      await renewHolds(ctx);
      return {
        packs,
        conversations: lost.length,
        agents: lostAgents.length,
        tickets: lostTickets,
        files: lostFiles.length,
      };
    }),
});

/** Holds in force go on with keys of the new keyring; their copies of before are lost. */
async function renewHolds(ctx: AccountContext): Promise<void> {
  await ctx.db.delete(heldContents);
  for (const { id } of await ctx.db.select({ id: holds.id }).from(holds).where(isNotNull(holds.key))) {
    const { wrapped: key } = await newLastingKey(id);
    await ctx.db.update(holds).set({ key, packs: 0 }).where(eq(holds.id, id));
  }
}

/** What was written about them cannot be read any more; objects that no row names go at night. */
async function removeTickets(ctx: AccountContext): Promise<number> {
  await ctx.db.delete(receivedMail);
  for (const table of [ticketFiles, ticketRatings, ticketWatchers, ticketWords, ticketPeople, ticketNotes])
    await ctx.db.delete(table);
  await ctx.db.delete(ticketMessages);
  return (await ctx.db.delete(tickets).returning({ id: tickets.id })).length;
}

const isUsable = (ctx: AccountContext): Promise<boolean> =>
  currentKeyring(ctx).then(
    (found) => found !== null,
    (error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    },
  );
