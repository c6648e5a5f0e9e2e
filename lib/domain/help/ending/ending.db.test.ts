import fs from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { sweepOrphans } from "#lib/domain/help/files/commands.ts";
import { storageKey } from "#lib/domain/help/files/rules.ts";
import { testTicket, testTicketWithFile } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { endFiles, endTickets } from "./commands.ts";

const { db, sql } = await testDatabase();
const at = (text: string) => ({ ...systemContext("test"), now: new Date(text) });

const close = (id: Id<"ticket">, when: string) =>
  sql`update tickets set state = 'closed', resolved_at = ${when}, closed_at = ${when}, next_due_at = null where id = ${id}`;

test("files of a ticket are kept for 90 days after it is closed, the ticket for a year, to the minute", async () => {
  const ctx = await testWorkspace(db);
  const { ticket, ticketFile } = await testTicketWithFile(ctx, "lighthouse");
  await close(ticket, "2028-02-29T10:00:00Z");
  const later = await testTicket(ctx);
  await sql`update tickets set follows_id = ${ticket} where id = ${later}`;
  const object = storageKey(ctx.organizationId, ticketFile);
  expect(await endFiles(at("2028-05-29T09:59:59Z"))).toBe(0);
  expect(await storage().size(object)).not.toBeNull();
  expect(await endFiles(at("2028-05-29T10:00:00Z"))).toBe(1);
  expect(await storage().size(object)).toBeNull();
  expect(await endTickets(at("2029-02-28T09:59:59Z"))).toBe(0);
  expect(await endTickets(at("2029-02-28T10:00:00Z"))).toBe(1);
  for (const table of [
    "tickets",
    "ticket_messages",
    "ticket_notes",
    "ticket_words",
    "ticket_watchers",
    "ticket_files",
  ]) {
    const column = table === "tickets" ? "id" : "ticket_id";
    const left = await sql.unsafe(`select from ${table} where ${column} = '${ticket}'`);
    expect({ table, left: left.length }).toEqual({ table, left: 0 });
  }
  expect(await sql`select follows_id from tickets where id = ${later}`).toEqual([{ follows_id: null }]);
  const audit = await sql`select object_id from audit_events where action = 'help.end'`;
  expect(audit).toEqual([{ object_id: ticket }]);
});

test("help-zdr 39: a storage that does not delete leaves the row, is tried again, and an object without a row is found", async () => {
  const ctx = await testWorkspace(db);
  const { ticket, ticketFile } = await testTicketWithFile(ctx, "beacon");
  await close(ticket, "2028-02-29T10:00:00Z");
  const later = at("2028-06-01T00:00:00Z");
  const file = path.resolve(env().DATA_DIR, "files", storageKey(ctx.organizationId, ticketFile));
  // A folder in its place is what the file system does not unlink.
  fs.rmSync(file);
  fs.mkdirSync(file);
  await expect(endFiles(later)).rejects.toThrow();
  const rows = () => sql`select id from ticket_files where id = ${ticketFile}`;
  expect(await rows()).toHaveLength(1);
  fs.rmdirSync(file);
  expect(await endFiles(later)).toBe(1);
  expect(await rows()).toHaveLength(0);
  fs.writeFileSync(file, "left behind");
  expect(await sweepOrphans(later)).toBeGreaterThan(0);
  expect(fs.existsSync(file)).toBe(false);
});
