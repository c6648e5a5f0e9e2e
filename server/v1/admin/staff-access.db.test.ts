import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { agreeToAssistance } from "#lib/domain/assistance/commands.ts";
import { approveAssistance, offerAssistance, unlockAssistance } from "#lib/domain/assistance/desk/commands.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { readUnderGrant } from "#lib/domain/assistance/reading/commands.ts";
import { openLines } from "#lib/domain/files/contents/commands.ts";
import { askForAssistance, testFile, testStaff } from "#lib/testing/assistance.ts";
import { ask, customer, db } from "./testing.ts";

test("T-4.2.3-ASSIST: programs read what staff were allowed to read, and each page they read", async () => {
  const [{ ctx, key }, other] = [await customer(), await customer()];
  const fileId = await testFile(ctx, 7);
  await askForAssistance(ctx);
  expect((await ask("/v1/admin/staff-access", { key })).body.assistance).toMatchObject([
    { state: "requested", staff: [], files: [], reads: [] },
  ]);
  const desk = await testStaff(db, ctx, "Ada Staff");
  const [grant] = await grantsOf(ctx);
  if (!grant) throw new Error("Nothing was asked for.");
  const named = { organizationId: ctx.organizationId, id: grant.id };
  const purpose = "Find the lines that fail.";
  const staffIds = [desk.actor.id as Id<"user">];
  await approveAssistance(desk, named);
  await offerAssistance(desk, { ...named, staffIds, days: 2, purpose });
  await agreeToAssistance(ctx, { id: grant.id, fileIds: [fileId], staffIds, days: 2 });
  await unlockAssistance(desk, { ...named, purpose });
  await readUnderGrant(desk, { ...named, fileId, from: 2 }, (what, from, count) => openLines(desk, what, from, count));
  expect((await ask("/v1/admin/staff-access", { key })).body.assistance).toMatchObject([
    {
      state: "active",
      purpose,
      staff: ["Ada Staff"],
      files: [{ id: fileId, name: "set.jsonl" }],
      reads: [{ staff_name: "Ada Staff", file_id: fileId, first_line: 3, lines: 5 }],
    },
  ]);
  expect((await ask("/v1/admin/staff-access", { key: other.key })).body).toEqual({ assistance: [] });
});
