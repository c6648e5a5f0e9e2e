import { sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { noFee, type UsageRow } from "#db/usage-rows.ts";
import type { SeededKey } from "./keys.ts";
import { at } from "./people.ts";
import { daysBefore, dice, type World } from "./world.ts";

type Traffic = {
  key: SeededKey;
  perDay: number;
  model: "tiny-chat-1" | "tiny-embed-1";
  agent: string;
  untilDaysAgo?: number;
  scale?: number;
  /** How many customers of theirs the requests are for; none are named without it. */
  endUsers?: number;
};
type Price = { input: number; cached: number; output: number };

// Micro-euros for a million tokens, as the shipped models are priced.
const prices: Record<Traffic["model"], Price> = {
  "tiny-chat-1": { input: 150_000, cached: 15_000, output: 600_000 },
  "tiny-embed-1": { input: 100_000, cached: 10_000, output: 0 },
};

const batchSize = 1000;

/** Months of requests, written the way the meter writes them, so that every sum agrees. */
export async function seedUsage(world: World, traffic: Traffic[], days: number, plan: "free" | "paid"): Promise<void> {
  const roll = dice(20_261);
  const events: Partial<UsageRow>[] = [];
  for (let day = days; day >= 0; day--) {
    await world.db.execute(
      sql`select ensure_usage_partition(${daysBefore(world.now, day).toISOString()}::timestamptz)`,
    );
    for (const source of traffic) {
      if (day < (source.untilDaysAgo ?? 0)) continue;
      const count = Math.round(source.perDay * rhythm(world.now, day) * (0.7 + 0.6 * roll()));
      for (let i = 0; i < count; i++) events.push(event(world, source, day, roll, plan));
    }
  }
  for (let start = 0; start < events.length; start += batchSize) {
    await world.db.execute(sql`select meter(${JSON.stringify(events.slice(start, start + batchSize))})`);
  }
  await world.db.execute(sql`
    update keys set last_used_at = latest.at, last_used_address = latest.address, last_used_agent = latest.agent
    from (select distinct on (organization_id, key_id) organization_id, key_id, at, address, agent
      from usage_events order by organization_id, key_id, id desc) as latest
    where keys.organization_id = latest.organization_id and keys.id = latest.key_id`);
}

/** Weekends are quiet and the business grows. */
function rhythm(now: Date, daysAgo: number): number {
  const weekday = daysBefore(now, daysAgo).getUTCDay();
  const week = weekday === 0 || weekday === 6 ? 0.35 : 1;
  return week * (1 - daysAgo / 200);
}

const outcomes = [
  { share: 0.96, outcome: "answered", status: 200, reason: null },
  { share: 0.98, outcome: "aborted", status: 499, reason: "client_closed_request" },
  { share: 0.993, outcome: "refused", status: 422, reason: "invalid_request_error" },
  { share: 1, outcome: "failed", status: 503, reason: "unavailable" },
] as const;

/** Some come often and most come seldom; now and then a program forgets to say who. */
function endUserOf(count: number, share: number): string | null {
  if (count === 0 || share > 0.95) return null;
  return `customer-${String(Math.floor(count * share ** 2) + 1).padStart(3, "0")}`;
}

function event(
  world: World,
  { key, model, agent, scale = 1, endUsers = 0 }: Traffic,
  daysAgo: number,
  roll: () => number,
  plan: string,
): Partial<UsageRow> {
  const span = daysAgo === 0 ? world.now.getTime() % 86_400_000 : 86_400_000;
  const start = Math.floor(daysBefore(world.now, daysAgo).getTime() / 86_400_000) * 86_400_000;
  const moment = new Date(start + Math.floor(roll() * span));
  const dieRoll = roll();
  const ending = outcomes.find(({ share }) => dieRoll <= share) ?? outcomes[0];
  const isCounted = ending.outcome === "answered" || ending.outcome === "aborted";
  const isChat = model === "tiny-chat-1";
  const prompt = isCounted ? Math.round((200 + 1800 * roll() ** 2) * scale) : 0;
  const cached = isChat && roll() < 0.3 ? Math.floor(prompt * 0.6) : 0;
  const completion = isCounted && isChat ? Math.round((40 + 600 * roll()) * scale) : 0;
  const price = prices[model];
  const cost =
    BigInt(prompt - cached) * BigInt(price.input) +
    BigInt(cached) * BigInt(price.cached) +
    BigInt(completion) * BigInt(price.output);
  const firstByteMs = Math.round(40 + 160 * roll());
  return {
    organization_id: key.organizationId,
    id: newId("request", moment),
    at: moment.toISOString(),
    workspace_id: key.workspaceId,
    key_id: key.id,
    user_id: key.ownerId,
    end_user: endUserOf(endUsers, roll()),
    endpoint: isChat ? "chat" : "embeddings",
    requested_model: isChat
      ? at(["mistral-small-latest", "mistral-large-latest", "tiny-chat-1"], Math.floor(roll() * 3))
      : "mistral-embed",
    model,
    streamed: isChat && roll() < 0.6,
    prompt_tokens: prompt,
    cached_tokens: cached,
    completion_tokens: completion,
    input_micros: price.input,
    cached_input_micros: price.cached,
    output_micros: price.output,
    cost_pico: String(cost),
    waived_pico: "0",
    held_pico: String((cost * 5n) / 4n),
    requests_left: 20 + Math.floor(roll() * 30),
    tokens_left: 100_000 + Math.floor(roll() * 400_000),
    first_byte_ms: firstByteMs,
    latency_ms: firstByteMs + completion * 3,
    status: ending.status,
    outcome: ending.outcome,
    reason: ending.reason,
    address: `192.0.2.${10 + Math.floor(roll() * 40)}`,
    agent,
    clause: plan === "free" ? "T-4.2.2.1-D1" : "T-4.2.2.2-D1",
    training_eligible: plan === "free",
    estimated: false,
    ...noFee,
    trace_parent: null,
  };
}
