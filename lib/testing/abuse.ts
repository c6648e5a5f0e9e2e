import type { Db, Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { type AccountContext, type Context, inOrganization, transaction } from "#lib/core/context.ts";
import { approveRule, proposeRule } from "#lib/domain/abuse/expressions/commands.ts";
import { raiseFlags } from "#lib/domain/abuse/flags/commands.ts";
import type { NewFlag } from "#lib/domain/abuse/flags/view.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { openContents } from "#lib/gateway/metering/contents.ts";
import { staffAt, systemAt } from "./billing.ts";
import { deafFeed } from "./metering.ts";

/** For tests: a person of the staff who has a reason to look for abuse at a customer. */
export async function abuseDesk({ organizationId, now }: Context): Promise<AccountContext> {
  const desk = staffAt("trust", now);
  await openLook(desk, { organizationId, reason: "abuse", words: "Signs of abuse of this customer." });
  return desk;
}

/** For tests: a rule in force, by two people. */
export async function testRule(now: Date, name: string, expression: string): Promise<Id<"abuseRule">> {
  const ruleId = await proposeRule(staffAt("trust", now), { name, category: "malware", expression });
  await approveRule(staffAt("trust", now), { ruleId });
  return ruleId;
}

/** For tests: puts requests with these words into the content log of a workspace, and tells their ids. */
export async function keepRequests(
  sql: Sql,
  { organizationId, workspaceId, now }: Context,
  texts: readonly string[],
  at = now,
): Promise<Id<"request">[]> {
  const log = openContents(sql, deafFeed, 1e9);
  const made = texts.map((text) => ({ text, requestId: newId("request", at) }));
  for (const { text, requestId } of made) {
    const request = JSON.stringify({ messages: [{ role: "user", content: text }] });
    const answer = JSON.stringify({ choices: [{ finish_reason: "stop", message: { content: "No." } }] });
    void log.keep({ organizationId, workspaceId, requestId, at, trainingEligible: false, request, answer });
  }
  await log.close();
  return made.map(({ requestId }) => requestId);
}

/** For tests: the item that signs of requests make. */
export async function testItem(db: Db, ctx: Context, requestIds: readonly Id<"request">[]): Promise<Id<"abuseItem">> {
  const { organizationId, workspaceId, now } = ctx;
  const sign = { source: "model" as const, category: "fraud" as const, workspaceId, model: "judge", score: 0.9 };
  const signs: NewFlag[] = requestIds.map((requestId) => ({ ...sign, requestId }));
  const [item] = await transaction(inOrganization(systemAt(db, now), organizationId), (ctx) => raiseFlags(ctx, signs));
  if (!item) throw new Error("These signs make no item.");
  return item;
}

/** For tests: a request as usage has it. */
export async function noteRequest(
  sql: Sql,
  { organizationId, workspaceId, actor }: Context,
  {
    id,
    at,
    address = "127.0.0.1",
    endUser = null,
  }: { id: Id<"request">; at: Date; address?: string; endUser?: string | null },
): Promise<void> {
  await sql`select ensure_usage_partition(${at})`;
  await sql`insert into usage_events (organization_id, id, at, workspace_id, key_id, user_id, end_user, endpoint, requested_model, model,
    streamed, prompt_tokens, cached_tokens, completion_tokens, input_micros, cached_input_micros, output_micros, cost_pico, latency_ms,
    status, outcome, address, agent, clause, training_eligible)
    values (${organizationId}, ${id}, ${at}, ${workspaceId}, 'key_x', ${actor.id}, ${endUser}, 'chat', 'm', 'm', false, 1, 0, 1, 1, 1, 1, 1,
    1, 200, 'answered', ${address}, 'vitest', 'T-4.2.2.2-D1', false)`;
}
