import { keyringState, scopeKeys } from "#db/schema/retention.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { hourOf, type Keyring, withHours } from "#lib/core/keyring/document.ts";
import { keyringPlace, readKeyring } from "#lib/core/keyring/keyring.ts";
import { ownerOf, unwrapKey } from "#lib/core/keyring/sealing.ts";
import { flawOf } from "./rules.ts";
import type { KeyringStatus } from "./view.ts";

/** Where the keyring lies and what it has, without a key of it. */
export async function keyringStatus(ctx: AccountContext): Promise<KeyringStatus> {
  authorize(ctx.actor, "system.operate");
  const found = await readKeyring();
  const [seen] = await ctx.db.select().from(keyringState);
  const hours = Object.keys(found?.hours ?? {}).map(Number);
  return {
    place: keyringPlace(),
    flaw: flawOf(found, seen && { id: seen.keyring, epoch: seen.epoch }),
    keyring: found && {
      id: found.id,
      epoch: found.epoch,
      hours: hours.length,
      hoursAhead: hours.filter((hour) => hour > hourOf(ctx.now)).length,
      isTurning: found.contentBefore !== null,
      durableSince: found.durable.map(({ since }) => since),
    },
    seenEpoch: seen?.epoch ?? null,
    workspaceKeys: await ctx.db.$count(scopeKeys),
  };
}

/** What is wrong with the keyring or the keys under it, a sentence each; it tries every key of a workspace. */
export async function keyringProblems(ctx: AccountContext): Promise<string[]> {
  authorize(ctx.actor, "system.operate");
  const found = await readKeyring();
  const [seen] = await ctx.db.select().from(keyringState);
  const flaw = flawOf(found, seen && { id: seen.keyring, epoch: seen.epoch });
  if (!found) return flaw ? [`The keyring is ${flaw}.`] : ["There is no keyring yet: it is made at the first start."];
  const problems = flaw ? [`The keyring does not fit this database: ${flaw}.`] : [];
  const due = withHours(found, ctx.now);
  const overdue = Object.keys(found.hours).filter((hour) => !(hour in due.hours));
  if (overdue.length > 0) problems.push(`${overdue.length} hours have a key although their thirty days are over.`);
  const lacking = Object.keys(due.hours).filter((hour) => !(hour in found.hours));
  if (lacking.length > 0) problems.push(`${lacking.length} hours have no key yet. Is a worker running?`);
  const shut = (await ctx.db.select().from(scopeKeys)).filter((row) => !opens(found, row)).length;
  if (shut > 0) problems.push(`${shut} keys of workspaces cannot be opened.`);
  return problems;
}

type ScopeKey = typeof scopeKeys.$inferSelect;

function opens({ content, contentBefore }: Keyring, row: ScopeKey): boolean {
  const ring = [content, contentBefore].find((ring) => ring?.id === row.ring);
  if (!ring) return false;
  try {
    unwrapKey(ring, row.wrapped, ownerOf(row));
    return true;
  } catch {
    return false;
  }
}
