import { afterAll, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { giveTicket } from "#lib/domain/files/uploads/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1, rawAsk } from "./testing.ts";
import { base64, headersOf, uploadsAt } from "./testing-uploads.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const place = () => testWorkspace(db);
const secretOf = (ctx: Context) => keyOf(ctx, { scopes: ["files:write"] });
const ask = rawAsk(v1.port);
const { begin, patch, head } = uploadsAt(v1.port);

test("fine-tuning 2: a browser's ticket lets one file of one name and size in, as a draft where it is wrong, and ends with the session", async () => {
  const ctx = await place();
  const { actor, now } = ctx;
  if (actor.kind !== "user") throw new Error("A person was expected.");
  const sessionId = newId("session", now);
  await sql`insert into sessions (id, user_id, address, agent, created_at, seen_at, proven_at, expires_at)
    values (${sessionId}, ${actor.id}, '', '', now(), now(), now(), now() + interval '1 day')`;
  const person = { ...ctx, actor: { ...actor, sessionId } };
  const content = '{"text":1}\n{"text":2}\n';
  const ticket = await giveTicket(person, { name: "set.jsonl", bytes: content.length });
  const refused = await ask("POST", "/v1/uploads", {
    headers: headersOf(ticket, { "upload-length": "5", "upload-metadata": `filename ${base64("set.jsonl")}` }),
  });
  expect(refused.status).toBe(403);
  expect((await ask("GET", "/v1/files", { headers: { authorization: `Bearer ${ticket}` } })).status).toBe(401);
  expect((await head(`${ticket.slice(0, -2)}xx`, "/v1/uploads/x")).status).toBe(401);
  const at = await begin(ticket, content.length);
  const sent = await patch(ticket, at, 0, content);
  expect([sent.status, sent.headers["x-file-problems"]]).toEqual([204, "2"]);
  const [file] = await sql`select is_draft from files where organization_id = ${ctx.organizationId}`;
  expect(file).toEqual({ is_draft: true });
  // Programs see no draft.
  expect((await v1.ask(await secretOf(ctx), "GET", `/v1/files/${sent.headers["x-file-id"]}`)).status).toBe(404);
  expect((await v1.ask(await secretOf(ctx), "GET", "/v1/files")).body.total).toBe(0);
  await sql`update sessions set revoked_at = now() where id = ${sessionId}`;
  expect((await head(ticket, at)).status).toBe(401);
});
