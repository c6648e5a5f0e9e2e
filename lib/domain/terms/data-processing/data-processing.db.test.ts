import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { publishDocuments } from "#lib/domain/terms/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { signDataProcessing } from "./commands.ts";
import { dataProcessing } from "./queries.ts";

const { db, sql } = await testDatabase();

/** As a session has it: what visitors may, people may. */
const admin = async (): Promise<Context> => {
  const ctx = await testWorkspace(db);
  const permissions = new Set([...ctx.actor.permissions, ...anonymousPermissions]);
  return { ...ctx, actor: { ...ctx.actor, permissions } as Context["actor"] };
};
await publishDocuments(systemContext("test"));

test("contract 15, T-2-PREC: a business signs the data processing agreement once, by an admin, and the exact version on the page", async () => {
  const ctx = await admin();
  const { document, signed } = (await dataProcessing(ctx)) ?? {};
  expect(signed).toBeNull();
  const shown = { documentId: document?.id ?? newId("document", ctx.now), sha256: document?.sha256 ?? "" };
  await expect(signDataProcessing(ctx, { ...shown, sha256: "a".repeat(64) })).rejects.toMatchObject({
    code: "terms_changed",
  });
  const member = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(signDataProcessing(member, shown)).rejects.toMatchObject({ problem: "forbidden" });
  await Promise.all([signDataProcessing(ctx, shown), signDataProcessing(ctx, shown)]);
  expect((await dataProcessing(ctx))?.signed).toMatchObject({ name: ctx.actor.name, version: document?.version });
  const acts = await sql`select clause, after from audit_events
    where organization_id = ${ctx.organizationId} and action = 'terms.accept'`;
  expect(acts.map(({ clause, after }) => [clause, after.kind, after.binds])).toEqual([
    ["T-2-PREC", "data-processing", true],
  ]);
  expect((await dataProcessing(await admin()))?.signed).toBeNull();
});

test("contract 15, T-2-PREC: it is hidden from consumers, who cannot sign it, and there again for who turns out a business", async () => {
  const ctx = await admin();
  const { document } = (await dataProcessing(ctx)) ?? {};
  const shown = { documentId: document?.id ?? newId("document", ctx.now), sha256: document?.sha256 ?? "" };
  await sql`update organizations set customer_type = 'consumer' where id = ${ctx.organizationId}`;
  expect(await dataProcessing(ctx)).toBeNull();
  await expect(signDataProcessing(ctx, shown)).rejects.toMatchObject({ code: "businesses_only" });
  await sql`update organizations set customer_type = 'business' where id = ${ctx.organizationId}`;
  await signDataProcessing(ctx, shown);
});
