import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { hourOf, type Keyring, newKeyring } from "#lib/core/keyring/document.ts";
import { keyringPlace, readKeyring, writeKeyring } from "#lib/core/keyring/keyring.ts";
import { ownerOf, unwrapKey, wrapKey } from "#lib/core/keyring/sealing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { destroyScopeKeys, renewKeyring, settleKeyring, turnHours, turnRings } from "./commands.ts";
import { keyringProblems, keyringStatus } from "./queries.ts";

const { db, sql } = await testDatabase();
const at = (moment = now()) => ({ ...systemContext("test"), db, now: moment });
const stored = async (): Promise<Keyring> => {
  const found = await readKeyring();
  if (!found) throw new Error("There is no keyring.");
  return found;
};

/** What a workspace has once something of it was kept. */
async function giveKey(plain = randomBytes(32)) {
  const { organizationId, workspaceId } = await testWorkspace(db);
  const { content } = await stored();
  const place = { organizationId, workspaceId };
  const wrapped = wrapKey(content, plain, ownerOf(place));
  await sql`insert into scope_keys ${sql({ organization_id: organizationId, workspace_id: workspaceId, id: `sck_${organizationId}`, ring: content.id, wrapped, created_at: now() })}`;
  return { place, plain, wrapped };
}

const keyOf = async ({ workspaceId }: { workspaceId: string }) => {
  const [row] = await sql<
    { ring: string; wrapped: Buffer }[]
  >`select ring, wrapped from scope_keys where workspace_id = ${workspaceId}`;
  return row;
};

/** The ways a keyring can fail to be the database's; each is put right again. */
const flaws: Record<string, { spoil: () => Promise<unknown>; says: RegExp }> = {
  "is lost": {
    spoil: async () => fs.rmSync(keyringPlace()),
    says: /^The keyring is not at .+\nPut it back .+\nWhere .+renew/,
  },
  "was put back from a copy": {
    spoil: async () => writeKeyring({ ...(await stored()), epoch: (await stored()).epoch - 1 }),
    says: /^The keyring at .+ is older than this database.+\nPut the newest one back.+\nWhere /,
  },
  "is another installation's": {
    spoil: () => writeKeyring({ ...newKeyring(now()), epoch: 1000 }),
    says: /^The keyring at .+ belongs to another database\.\n.+KEYRING.+\nWhere /,
  },
  "is damaged or under another CONTENT_KEY": {
    spoil: async () => fs.writeFileSync(keyringPlace(), randomBytes(500)),
    says: /damaged, or was sealed with another CONTENT_KEY/,
  },
};

test("the first start of a database makes its keyring, and those after it leave it as it is", async () => {
  fs.rmSync(keyringPlace());
  await Promise.all([1, 2, 3].map(() => settleKeyring(at())));
  const made = await stored();
  await settleKeyring(at());
  expect(await stored()).toEqual(made);
  expect(await keyringProblems(at())).toEqual([]);
});

for (const [name, { spoil, says }] of Object.entries(flaws)) {
  test(`a keyring that ${name} is refused with what to do, by all that would use it, and nothing is changed`, async () => {
    await turnRings(at());
    const kept = fs.readFileSync(keyringPlace());
    await spoil();
    const spoiled = fs.existsSync(keyringPlace()) && fs.readFileSync(keyringPlace());
    for (const use of [settleKeyring, turnHours, turnRings]) await expect(use(at())).rejects.toThrow(says);
    expect(fs.existsSync(keyringPlace()) && fs.readFileSync(keyringPlace())).toEqual(spoiled);
    fs.writeFileSync(keyringPlace(), kept);
    await settleKeyring(at());
    expect(await keyringProblems(at())).toEqual([]);
  });
}

test("a keyring that is newer than the database is taken: a backup of the database was put back", async () => {
  await settleKeyring(at());
  const before = await sql`select epoch::int, keyring, content_ring from keyring_state`;
  const { place } = await giveKey();
  await turnRings(at());
  // What the backup had: keys under a ring that is gone.
  await sql`update keyring_state set ${sql(before[0] ?? {}, "epoch", "content_ring")}`;
  await sql`update scope_keys set ring = ${before[0]?.content_ring}`;
  expect(await keyringProblems(at())).toEqual([expect.stringContaining("keys of workspaces cannot be opened")]);
  await settleKeyring(at());
  expect(await keyOf(place)).toBeUndefined();
  expect(await keyringProblems(at())).toEqual([]);
});

test("T-4.2.2.1-D1, T-4.2.2.2-D1: the key of an hour leaves the keyring when 720 hours have passed since it began, and not before", async () => {
  const begun = new Date(hourOf(now()) * 3_600_000);
  await settleKeyring(at());
  const hour = hourOf(begun);
  const due = addDays(begun, 30);
  await turnHours(at(addMinutes(due, -0.001)));
  expect((await stored()).hours[hour]).toBeDefined();
  expect((await keyringProblems(at(due))).join()).toContain("1 hours have a key although");
  await turnHours(at(due));
  expect((await stored()).hours[hour]).toBeUndefined();
  expect(await keyringProblems(at(due))).toEqual([]);
});

test("writers take turns: of many changes at once none is lost", async () => {
  await renewed();
  const { epoch } = await stored();
  await Promise.all(Array.from({ length: 6 }, () => turnRings(at())));
  const after = await stored();
  // Each begins and ends a turn of the one ring, and turns the other.
  expect(after.epoch).toBe(epoch + 18);
  expect(after.durable).toHaveLength(7);
  expect((await keyringStatus(at())).seenEpoch).toBe(after.epoch);
});

/** A keyring of the present, whatever the hours of former tests were. */
async function renewed(): Promise<void> {
  fs.rmSync(keyringPlace());
  await renewKeyring(at());
}

test("a key that is destroyed opens nowhere any more, whatever copies there are of it, and all others stay the same", async () => {
  await renewed();
  const [gone, ...left] = [await giveKey(), await giveKey(), await giveKey()];
  const before = await stored();
  await destroyScopeKeys(at(), [{ ...gone.place, workspaceId: null }]);
  const after = await stored();
  const rings = [after.content, after.contentBefore, ...after.durable].filter((ring) => ring !== null);
  for (const ring of rings) expect(() => unwrapKey(ring, gone.wrapped, ownerOf(gone.place))).toThrow();
  // The control: what was destroyed is what would open it.
  expect(unwrapKey(before.content, gone.wrapped, ownerOf(gone.place))).toEqual(gone.plain);
  expect(await keyOf(gone.place)).toBeUndefined();
  for (const { place, plain } of left) {
    const row = await keyOf(place);
    expect(row?.ring).toBe(after.content.id);
    expect(row && unwrapKey(after.content, row.wrapped, ownerOf(place))).toEqual(plain);
  }
});

test("keys that are destroyed at the same time are all destroyed: none is wrapped under a ring that stays", async () => {
  await renewed();
  const given = await Promise.all(Array.from({ length: 5 }, () => giveKey()));
  const copies: { ring: string; wrapped: Buffer; owner: string }[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const rows = await sql<
        { ring: string; wrapped: Buffer; organization_id: string; workspace_id: string }[]
      >`select * from scope_keys`;
      for (const { ring, wrapped, ...row } of rows)
        copies.push({
          ring,
          wrapped,
          owner: ownerOf({ organizationId: row.organization_id, workspaceId: row.workspace_id }),
        });
    }
  })();
  await Promise.all(given.map(({ place }) => destroyScopeKeys(at(), [place])));
  isOver = true;
  await watching;
  const { content, contentBefore } = await stored();
  expect(contentBefore).toBeNull();
  expect(copies.length).toBeGreaterThan(5);
  for (const { wrapped, owner } of copies) expect(() => unwrapKey(content, wrapped, owner)).toThrow();
});

test("a turn that was interrupted is ended by the next, with every key there was, and then that one destroys what it shall", async () => {
  await renewed();
  const [one, two] = [await giveKey(), await giveKey()];
  // The document is written, and the process dies before its transaction is committed.
  const cut = { ...at(), db: failingAtCommit() };
  await expect(destroyScopeKeys(cut, [one.place])).rejects.toThrow("cut off");
  const pending = await stored();
  expect(pending.contentBefore).not.toBeNull();
  expect(await keyringProblems(at())).toEqual([]);
  await destroyScopeKeys(at(), [one.place]);
  const after = await stored();
  expect([pending.content.id, pending.contentBefore?.id]).not.toContain(after.content.id);
  expect(await keyOf(one.place)).toBeUndefined();
  const row = await keyOf(two.place);
  expect(row && unwrapKey(after.content, row.wrapped, ownerOf(two.place))).toEqual(two.plain);
});

/** The database as a process sees it whose second transaction does not commit. */
function failingAtCommit(): AccountContext["db"] {
  let transactions = 0;
  const cut: AccountContext["db"]["transaction"] = (work, config) =>
    db.transaction(async (tx) => {
      const result = await work(tx);
      if (++transactions === 2) throw new Error("cut off");
      return result;
    }, config);
  return new Proxy(db, { get: (target, name) => (name === "transaction" ? cut : Reflect.get(target, name)) });
}

test("no key is destroyed within a transaction, which could be undone", async () => {
  await expect(transaction(at(), (ctx) => destroyScopeKeys(ctx, []))).rejects.toThrow("outside of transactions");
});

test("a keyring that is there and fits is not renewed", async () => {
  await renewed();
  await expect(renewKeyring(at())).rejects.toThrow("needs no renewal");
});
