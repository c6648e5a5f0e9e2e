import { randomBytes } from "node:crypto";
import { z } from "zod";
import { dayMs } from "#lib/core/clock.ts";

/** T-4.2.2.1-D1, T-4.2.2.2-D1: thirty days of twenty-four hours, from the hour's beginning; so no copy lives longer. */
export const contentHours = 720;
/** Keys of hours to come: what writes goes on for two days without anyone who makes new ones. */
const aheadHours = 48;
const hourMs = 3_600_000;

const key = z.string().regex(/^[\w-]{43}$/);
const ring = z.strictObject({ id: z.string().regex(/^[0-9a-f]{8}$/), key });
/** Of lasting things, the newest first. */
export const durableRings = z.array(ring.extend({ since: z.iso.datetime() })).min(1);

/**
 * The keys under which customers' content is sealed, all in one document that lies outside of the database: what a backup
 * or a log of the database still has cannot be opened once its key has gone from here.
 */
export const keyringDocument = z.strictObject({
  /** Tells one installation's from another's. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Rises with each change. A database that has seen a later one belongs to another keyring. */
  epoch: z.number().int().positive(),
  /** Of the content log, one for each hour since 1970. */
  hours: z.record(z.string().regex(/^\d{1,9}$/), key),
  /** Wraps the scope keys of the content log. */
  content: ring,
  /** The one before it, from when it was turned until every scope key that shall live is wrapped anew. */
  contentBefore: ring.nullable(),
  /** Wraps the keys of lasting things, the newest first; those before it stay as long as backups do. */
  durable: durableRings,
});
export type Keyring = z.output<typeof keyringDocument>;
export type Ring = Keyring["content"];

const newKey = (): string => randomBytes(32).toString("base64url");
const newRing = (): Ring => ({ id: randomBytes(4).toString("hex"), key: newKey() });

export const hourOf = (at: Date): number => Math.floor(at.getTime() / hourMs);
export const startOfHour = (hour: number): Date => new Date(hour * hourMs);
/** When an hour's key goes, and everything that was sealed under it with it. */
export const endOfHour = (hour: number): Date => new Date((hour + contentHours) * hourMs);

export const newKeyring = (now: Date): Keyring =>
  withHours(
    {
      id: randomBytes(8).toString("hex"),
      epoch: 0,
      hours: {},
      content: newRing(),
      contentBefore: null,
      durable: [{ ...newRing(), since: now.toISOString() }],
    },
    now,
  );

const changed = (keyring: Keyring, change: Partial<Keyring>): Keyring => ({
  ...keyring,
  ...change,
  epoch: keyring.epoch + 1,
});

/** The same with the keys it should have now. Those of hours that are over for thirty days go, and never come again. */
export function withHours(keyring: Keyring, now: Date): Keyring {
  const oldest = hourOf(now) - contentHours + 1;
  const had = Object.keys(keyring.hours).map(Number);
  // A clock that went back finds no keys of hours that were destroyed, but new ones from its own hour on.
  const first = had.length === 0 ? oldest : Math.max(oldest, Math.min(...had, hourOf(now)));
  const last = Math.max(oldest + contentHours + aheadHours - 1, ...had);
  const wanted = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  if (had.length === wanted.length && wanted.every((hour) => hour in keyring.hours)) return keyring;
  return changed(keyring, { hours: Object.fromEntries(wanted.map((hour) => [hour, keyring.hours[hour] ?? newKey()])) });
}

/** Begins to turn the content ring, unless that is under way: what is wrapped from now on is so under another. */
export const beginTurn = (keyring: Keyring): Keyring =>
  keyring.contentBefore ? keyring : changed(keyring, { content: newRing(), contentBefore: keyring.content });

/** Ends it. Scope keys that were left out are destroyed by this, wherever copies of them are. */
export const endTurn = (keyring: Keyring): Keyring =>
  keyring.contentBefore ? changed(keyring, { contentBefore: null }) : keyring;

/** Another durable ring for what is made from now on. */
export const turnDurable = (keyring: Keyring, now: Date): Keyring =>
  changed(keyring, { durable: [{ ...newRing(), since: now.toISOString() }, ...keyring.durable] });

/**
 * Without the durable rings that no backup needs any more: those that were replaced longer ago than backups are kept, and
 * never less than a day ago. What some key is still wrapped under stays.
 */
export function dropDurable(keyring: Keyring, now: Date, backupDays: number, used: ReadonlySet<string>): Keyring {
  const horizon = now.getTime() - Math.max(backupDays, 1) * dayMs;
  const left = keyring.durable.filter(({ id }, index) => {
    const next = keyring.durable[index - 1];
    return !next || used.has(id) || new Date(next.since).getTime() > horizon;
  });
  return left.length === keyring.durable.length ? keyring : changed(keyring, { durable: left });
}
