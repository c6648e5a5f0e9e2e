import { type Id, newId } from "#db/id.ts";
import { noFee, type UsageRow } from "#db/usage-rows.ts";
import { addDays } from "#lib/core/clock.ts";

/** Who uses what in a bench: how many of each there are. */
export type RowShape = { title: string; organizations: number; keys: number; models: number; endUsers: number };

type Place = {
  organization_id: Id<"organization">;
  workspace_id: Id<"workspace">;
  user_id: Id<"user">;
  keys: Id<"key">[];
};

const price = { input: 150_000n, cached: 15_000n, output: 600_000n };

/** Events as requests come in, a thousand a second from `now` on, each by one of the shape's organizations, keys and models. */
export function eventSource(shape: RowShape, now: Date): (count: number) => UsageRow[] {
  const places = Array.from(
    { length: shape.organizations },
    (): Place => ({
      organization_id: newId("organization", now),
      workspace_id: newId("workspace", now),
      user_id: newId("user", now),
      keys: Array.from({ length: shape.keys }, () => newId("key", now)),
    }),
  );
  let made = 0;
  return (count) =>
    Array.from({ length: count }, () => eventOf(shape, places, made++, addDays(now, made / 86_400_000)));
}

function eventOf(shape: RowShape, places: readonly Place[], n: number, at: Date): UsageRow {
  const { keys, ...place } = places[n % places.length] as Place;
  const [prompt, cached, completion] = [200 + (n % 1800), n % 200, 40 + (n % 600)];
  return {
    ...place,
    id: newId("request", at),
    at: at.toISOString(),
    key_id: keys[Math.floor(n / places.length) % keys.length] as Id<"key">,
    end_user: shape.endUsers > 0 ? `customer-${(n * 7919) % shape.endUsers}` : null,
    endpoint: "chat",
    requested_model: `model-${n % shape.models}-latest`,
    model: `model-${n % shape.models}`,
    streamed: n % 2 === 0,
    prompt_tokens: prompt,
    cached_tokens: cached,
    completion_tokens: completion,
    input_micros: Number(price.input),
    cached_input_micros: Number(price.cached),
    output_micros: Number(price.output),
    cost_pico: String(
      BigInt(prompt - cached) * price.input + BigInt(cached) * price.cached + BigInt(completion) * price.output,
    ),
    waived_pico: "0",
    held_pico: "900000000",
    clamped_tokens: null,
    limit_scope: "workspace",
    limit_left_pico: "1200000000000000",
    requests_left: 41,
    tokens_left: 480_000,
    first_byte_ms: 120,
    latency_ms: 1900,
    status: 200,
    outcome: "answered",
    reason: null,
    address: "192.0.2.17",
    agent: "mistral-client-python/2.5.1",
    clause: "T-4.2.2.2-D1",
    training_eligible: false,
    agent_id: null,
    agent_version: null,
    estimated: false,
    ...noFee,
    trace_parent: null,
  };
}
