import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { checkSecrets } from "./commands.ts";
import { changedSecrets } from "./queries.ts";

const { db, sql } = await testDatabase();
const operator: Actor = { kind: "system", id: "test", name: "Test", permissions: new Set(["system.operate"]) };
const now = new Date("2026-11-23T10:00:00Z");
const ctx = acrossTenants({ db, now, actor: operator, origin: { address: "internal", agent: "test" } });
const names = ["AUTH_SECRET", "KEY_PEPPER", "CONTENT_KEY"] as const;

test("the first start notes the secrets, without them, and every later one finds them the same", async () => {
  await checkSecrets(ctx);
  await checkSecrets(ctx);
  const kept = await sql`select name, value from secret_checks`;
  expect(kept.map(({ name }) => name).toSorted()).toEqual([...names].toSorted());
  for (const name of names) expect(JSON.stringify(kept)).not.toContain(env()[name]);
});

test.each(names)("a start with another %s is refused in one line that names it", async (name) => {
  await checkSecrets(ctx);
  const before = env()[name];
  env()[name] = Buffer.alloc(32, 99).toString("base64url");
  await expect(checkSecrets(ctx)).rejects.toThrow(new RegExp(`^${name} is not [^\\n]+$`));
  expect(await changedSecrets(ctx)).toEqual([name]);
  env()[name] = before;
  expect(await changedSecrets(ctx)).toEqual([]);
});
