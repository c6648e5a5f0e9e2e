import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { open, sealByContentKey } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { deskTicket } from "#lib/domain/help/desk/queries.ts";
import { ticketFile } from "#lib/domain/help/files/queries.ts";
import { storageKey } from "#lib/domain/help/files/rules.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { sealTickets } from "#lib/domain/help/sealing/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { noteWords, testTicketWithFile } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { sealRecordsAnew } from "./commands.ts";

const { db, sql } = await testDatabase();
const system = systemContext("test");

test("what an earlier version sealed under the content key is sealed anew at a start, also where rows are append-only", async () => {
  const ctx = await testWorkspace(db);
  const id = newId("agreement", ctx.now);
  const label = `master_agreements.file ${ctx.organizationId} ${id}`;
  const before = sealByContentKey(Buffer.from("a signed agreement"), label);
  const { organizationId } = ctx;
  await sql`insert into master_agreements (organization_id, id, number, signed_at, file, file_name, file_sha256, created_by, created_at)
    values (${organizationId}, ${id}, 'MA-1', now(), ${before}, 'x.pdf', 'x', ${ctx.actor.id}, now())`;
  expect(await sealRecordsAnew(system)).toBe(1);
  const [row] = await sql`select file from master_agreements where id = ${id}`;
  expect(row?.file[0]).toBe(4);
  expect(open(row?.file, label).toString()).toBe("a signed agreement");
  expect(await sealRecordsAnew(system)).toBe(0);
  await expect(sql`update master_agreements set number = 'MA-2' where id = ${id}`).rejects.toThrow("append-only");
});

test("tickets and files of before are sealed under keys of their own, and say what they said", async () => {
  const ctx = await testWorkspace(db);
  const { ticket, ticketFile: file } = await testTicketWithFile(ctx, "lighthouse");
  const now = await ticketOf(ctx, ticket);
  // As an earlier version left them.
  const old = (text: string, id: string) => sealByContentKey(Buffer.from(text), id);
  for (const { id, body } of now.messages)
    await sql`update ticket_messages set body = ${old(body, id)} where id = ${id}`;
  const [note] = await sql`select id from ticket_notes where ticket_id = ${ticket}`;
  await sql`update ticket_notes set body = ${old(noteWords, note?.id)} where id = ${note?.id}`;
  await sql`update tickets set key = null, details = ${old("{}", ticket)} where id = ${ticket}`;
  await sql`update ticket_files set key = null where id = ${file}`;
  await storage().write(storageKey(ctx.organizationId, file), [old("lighthouse", file)]);
  await expect(ticketOf(ctx, ticket)).rejects.toThrow();
  expect(await sealTickets(system)).toBe(2);
  expect(await ticketOf(ctx, ticket)).toEqual(now);
  expect((await deskTicket(staffAt("support", ctx.now), ticket)).notes).toMatchObject([{ body: noteWords }]);
  expect((await ticketFile(ctx, ticket, file)).bytes.toString()).toBe("lighthouse");
  expect(await sealTickets(system)).toBe(0);
});
