import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { type Scope, scopePermissions, scopes } from "#lib/core/access/roles.ts";
import { setWebOrigins } from "#lib/domain/organizations/web-origins/commands.ts";
import { webPages } from "#lib/domain/organizations/web-origins/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { createKey, reportLeakedKey, revokeKey, rotateKey } from "./commands.ts";
import { createKeyInput } from "./input.ts";
import { organizationKeys } from "./listing/queries.ts";
import { key, keyPage } from "./queries.ts";
import { webPageScopes } from "./rules.ts";

const { db, sql } = await testDatabase();
const draft = (more: object = {}) =>
  createKeyInput.parse({ name: "k", scopes: ["completions:create"], browser: "on", ...more });
const origins = ["https://app.example"];

test("a key for web pages asks models and lists them: it reads and changes nothing that others made", () => {
  const may = webPageScopes.flatMap((scope): readonly string[] => scopePermissions[scope]);
  expect(may.toSorted()).toEqual(["completions.create", "embeddings.create", "models.read"]);
});

test("whatever scopes are asked for, a key with others is not one for web pages", async () => {
  const ctx = await testWorkspace(db);
  await setWebOrigins(ctx, { origins });
  await fc.assert(
    fc.asyncProperty(fc.subarray(scopes, { minLength: 1 }), fc.boolean(), async (chosen, browser) => {
      const isRight = !browser || chosen.every((scope) => (webPageScopes as readonly Scope[]).includes(scope));
      const made = createKey(ctx, draft({ scopes: chosen, browser }));
      if (isRight) expect(await key(ctx, (await made).id)).toMatchObject({ browser, scopes: chosen });
      else await expect(made).rejects.toMatchObject({ problem: "invalid", code: "scope_not_for_web_pages" });
    }),
    { numRuns: 40 },
  );
});

test("before an organization has an origin, a key for web pages is refused with what to do, and nothing is made", async () => {
  const ctx = await testWorkspace(db);
  const refusal = { problem: "conflict", code: "no_web_origin", message: expect.stringMatching(/Settings, Web pages/) };
  await expect(createKey(ctx, draft())).rejects.toMatchObject({
    ...refusal,
    fields: { browser: [refusal.message] },
  });
  await setWebOrigins(await testWorkspace(db), { origins });
  await expect(createKey(ctx, draft())).rejects.toMatchObject(refusal);
  expect((await keyPage(ctx, {})).rows).toEqual([]);
  await setWebOrigins(ctx, { origins });
  const { id } = await createKey(ctx, draft());
  const [audit] = await sql`select after from audit_events where object_id = ${id}`;
  expect(audit?.after).toMatchObject({ browser: true });
});

test("whatever takes the place of a key for web pages is one too, also after the last origin is gone", async () => {
  const ctx = await testWorkspace(db);
  await setWebOrigins(ctx, { origins });
  const [made, program] = [await createKey(ctx, draft()), await createKey(ctx, draft({ browser: false }))];
  await setWebOrigins(ctx, { origins: [] });
  const rotated = await rotateKey(ctx, { id: made.id, grace: "none" });
  const reported = await reportLeakedKey(ctx, { id: rotated.id });
  expect(await key(ctx, rotated.id)).toMatchObject({ browser: true });
  expect(reported && (await key(ctx, reported.id))).toMatchObject({ browser: true });
  const other = await rotateKey(ctx, { id: program.id, grace: "hour" });
  expect(await key(ctx, other.id)).toMatchObject({ browser: false });
  const listed = await organizationKeys(ctx, { limit: 10, offset: 0 });
  expect(listed.filter(({ browser }) => browser)).toHaveLength(3);
  expect(await webPages(ctx)).toEqual({ origins: [], keys: 1 });
});

test("only keys that still work count as keys for web pages, and only one's own", async () => {
  const [ctx, other] = [await testWorkspace(db), await testWorkspace(db)];
  for (const one of [ctx, other]) await setWebOrigins(one, { origins });
  const [first] = [await createKey(ctx, draft()), await createKey(other, draft())];
  await createKey({ ...ctx, now: new Date(ctx.now.getTime() - 172_800_000) }, draft({ expiresInDays: 1 }));
  await createKey(ctx, draft({ browser: false }));
  expect(await webPages(ctx)).toEqual({ origins, keys: 1 });
  await revokeKey(ctx, { id: first.id });
  expect(await webPages(ctx)).toEqual({ origins, keys: 0 });
});
