import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { proposeSuspension, resumeOrganization } from "#lib/domain/suspensions/desk/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const path = "/v1/chat/completions";
const chat = { model: "small", messages: [{ role: "user", content: "Hello" }] };

test("help-zdr 27, T-4.1-USE: a suspension refuses the next request with reason, clause and the way to appeal; lifting it opens the API", async () => {
  const ctx = await testWorkspace(db);
  const { organizationId } = ctx;
  const secret = await keyOf(ctx);
  const send = async () => {
    const answer = await v1.send(secret, "POST", path, chat);
    return { status: answer.status, body: await answer.json() };
  };
  expect((await send()).status).toBe(200);
  const desk = staffAt("trust", ctx.now);
  await openLook(desk, { organizationId, reason: "abuse", words: "Reports of spam from this customer." });
  const id = await proposeSuspension(desk, {
    organizationId,
    reason: "spam",
    clause: "T-4.1-USE",
    words: "Mail by the thousand to people who did not ask for it.",
    requestIds: [],
    imminent: "It runs right now.",
  });
  await expect.poll(async () => (await send()).status, { timeout: 1000 }).toBe(403);
  const { body } = await send();
  expect(body).toMatchObject({ code: "organization_suspended", reason: "spam", clause: "T-4.1-USE" });
  expect(JSON.stringify(body)).toMatch(/"appeal_url":"http[^"]+\/appeal"/);
  await resumeOrganization(desk, { organizationId, id, words: "The account was taken over and is theirs again." });
  await expect.poll(async () => (await send()).status, { timeout: 1000 }).toBe(200);
});
