import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { noteTicket } from "#lib/domain/help/desk/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { ticketCommands } from "./tickets.ts";

const { db, sql } = await testDatabase();

const run = (name: string, options = {}) =>
  ticketCommands.find((command) => command.name === name)?.run?.(systemContext("test"), options);

test("the operator reads the queue and a ticket at the terminal, by its number, without the notes of staff", async () => {
  const ctx = await testWorkspace(db);
  const id = await testTicket(ctx, { subject: "A question", body: "How does it work?" });
  await noteTicket(staffAt("support", later(ctx, 1).now), { ticketId: id, body: "Between us." });
  const [row] = await sql`select number from tickets where id = ${id}`;
  const number = `T-${row?.number}`;
  expect((await run("ticket list"))?.lines).toEqual([
    expect.stringMatching(new RegExp(`^${number} {2}open {2}question`)),
  ]);
  const shown = await run("ticket show", { number });
  expect(shown?.lines.at(-1)).toContain("How does it work?");
  expect(JSON.stringify(shown)).not.toContain("Between us");
  await expect(run("ticket show", { number: "T-1" })).rejects.toMatchObject({ problem: "not_found" });
  await expect(run("ticket show", { number: "one" })).rejects.toMatchObject({ problem: "invalid" });
});
