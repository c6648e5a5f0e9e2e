import type { Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import { noFee, type UsageRow } from "#db/usage-rows.ts";
import type { Context } from "#lib/core/context.ts";
import { type Meter, openMeter } from "#lib/gateway/metering/meter.ts";
import type { Reservations } from "#lib/gateway/spend-limits/reservations.ts";

/** For tests: hears of nothing. */
export const deafFeed = { subscribe: () => undefined };

/** For tests: a meter whose statements all take the pool's connections. */
export const openTestMeter = (sql: Sql, reservations: Reservations, contentQueueBytes = 1e6): Meter =>
  openMeter({ line: sql, settling: sql, sql, changes: deafFeed, reservations, contentQueueBytes });

/** For tests: an event of a key that cost this much. */
export function testUsageRow(
  { organizationId, workspaceId, now }: Context,
  keyId: Id<"key">,
  { cost, waived }: { cost: bigint; waived: bigint },
): UsageRow {
  return {
    organization_id: organizationId,
    id: newId("request", now),
    at: now.toISOString(),
    workspace_id: workspaceId,
    key_id: keyId,
    user_id: newId("user", now),
    end_user: null,
    endpoint: "chat",
    requested_model: "m",
    model: "m",
    streamed: false,
    prompt_tokens: Number(cost + waived),
    cached_tokens: 0,
    completion_tokens: 0,
    input_micros: 1,
    cached_input_micros: 1,
    output_micros: 1,
    cost_pico: String(cost),
    waived_pico: String(waived),
    held_pico: String(cost),
    clamped_tokens: null,
    limit_scope: null,
    limit_left_pico: null,
    requests_left: null,
    tokens_left: null,
    first_byte_ms: 1,
    latency_ms: 2,
    status: 200,
    outcome: "answered",
    reason: null,
    address: "127.0.0.1",
    agent: "vitest",
    clause: "T-4.2.2.2-D1",
    training_eligible: false,
    agent_id: null,
    agent_version: null,
    estimated: false,
    ...noFee,
    trace_parent: null,
  };
}
