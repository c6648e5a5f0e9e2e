import "#lib/testing/dataset-worker.ts";
import type { Db } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { staff, users } from "#db/schema/account.ts";
import { tenantDb } from "#db/tenant.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { approveAssistance, offerAssistance } from "#lib/domain/assistance/desk/commands.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { testTicket } from "./help.ts";

/** For tests: a person of the staff as the database knows them, at their desk. */
export async function testStaff(
  db: Db,
  ctx: Context,
  name: string,
  role: StaffRole = "support",
): Promise<AccountContext> {
  const id = newId("user", ctx.now);
  const email = `${id}@example.com`;
  await db.insert(users).values({ id, email, name, createdAt: ctx.now });
  await db.insert(staff).values({ userId: id, roles: [role], createdAt: ctx.now });
  const permissions = permissionsOf(staffPermissions, [role]);
  const actor = { kind: "staff" as const, id, name, email, sessionId: newId("session", ctx.now), permissions };
  const { organizationId: _organization, workspaceId: _workspace, ...rest } = ctx;
  return Object.assign(rest, { db: tenantDb({ userId: id, isStaff: true }), actor });
}

/** For tests: a file of so many lines, which say their own number. */
export async function testFile(ctx: Context, lines: number, name = "set.jsonl"): Promise<Id<"file">> {
  const text = Array.from({ length: lines }, (_, number) => `{"text":"${name} line ${number}"}\n`).join("");
  const received = await receiveContent(ctx, [Buffer.from(text)], "fine-tune");
  return (await keepFile(ctx, keepInput.parse({ file: name }), received)).id;
}

/** For tests: what staff offered to a customer who asked, with a word in it. */
export async function testAssistance(db: Db, ctx: Context, word: string): Promise<Id<"assistanceGrant">> {
  const desk = await testStaff(db, ctx, "Ada Staff");
  await askForAssistance(ctx);
  const { organizationId } = ctx;
  const [grant] = await grantsOf(ctx);
  if (!grant) throw new Error("Nothing was asked for.");
  const named = { organizationId, id: grant.id };
  await approveAssistance(desk, named);
  const staffIds = [desk.actor.id as Id<"user">];
  await offerAssistance(desk, { ...named, staffIds, days: 5, purpose: `Find what the ${word} trips over.` });
  return grant.id;
}

/** For tests: an admin asks in writing for assistance with a file. */
export const askForAssistance = (ctx: Context): Promise<Id<"ticket">> =>
  testTicket(ctx, {
    kind: "assistance",
    subject: "Help with our data",
    body: "Why does it fail?",
    dataset: "set.jsonl",
  });
