import { expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { replyToTicket } from "#lib/domain/help/commands.ts";
import { answerTicket } from "#lib/domain/help/desk/commands.ts";
import { rateTicket } from "#lib/domain/help/ratings/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { deskFigures } from "./queries.ts";
import { percentile, workWords } from "./rules.ts";

const { db, sql } = await testDatabase();

test("figures count what happened in 30 days, and answers in hours of work", async () => {
  const ctx = await testWorkspace(db);
  // A Tuesday at work, whatever day it is.
  const tuesday = new Date("2026-11-24T09:00:00Z");
  const at = (minutes: number) => ({ now: addMinutes(tuesday, minutes) });
  const customer = (minutes: number) => Object.assign({}, ctx, at(minutes));
  const support = staffAt("support", tuesday);
  const answer = (ticketId: Awaited<ReturnType<typeof testTicket>>, minutes: number, state: "waiting" | "resolved") =>
    answerTicket(later(support, minutes), { ticketId, body: "So.", files: [], state });
  const quick = await testTicket(customer(0));
  const slow = await testTicket(customer(0));
  await answer(quick, 30, "resolved");
  await answer(slow, 24 * 60, "waiting");
  await rateTicket(customer(31), { ticketId: quick, verdict: "good", words: "" });
  const again = await testTicket(customer(0));
  await answer(again, 60, "resolved");
  await replyToTicket(customer(90), { ticketId: again, body: "No.", files: [] });
  const law = await testTicket(customer(0), { kind: "delete_model", target: "One" });
  await answer(law, 120, "resolved");
  const figures = await deskFigures(later(support, 2 * 24 * 60));
  expect(figures).toMatchObject({
    opened: 4,
    firstAnswerMs: { p50: 60 * 60_000, p90: 9 * 60 * 60_000 },
    resolved: 3,
    reopened: 1,
    legal: { due: 1, inTime: 1 },
    ratings: { all: 1, good: 1 },
  });
  expect(figures.backlog.map(({ tickets }) => tickets)).toEqual([0, 2, 0, 0, 0]);
  await sql`update tickets set created_at = ${addDays(tuesday, -20)} where id = ${slow}`;
  expect((await deskFigures(support)).backlog.at(-1)?.tickets).toBe(1);
  await expect(deskFigures(staffAt("billing", tuesday))).rejects.toMatchObject({ problem: "forbidden" });
});

test("a percentile is a value of the list", () => {
  expect(percentile([], 0.5)).toBeNull();
  expect([0.5, 0.9].map((share) => percentile([4, 1, 3, 2], share))).toEqual([2, 4]);
  expect([null, 0, 45 * 60_000, 130 * 60_000].map(workWords)).toEqual(["–", "0 min", "45 min", "2 h 10 min"]);
});
