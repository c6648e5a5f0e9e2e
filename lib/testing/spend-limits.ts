import { connect, type Sql } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { GateKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type News, openNews } from "#lib/gateway/change-feed/change-feed.ts";
import { type Leases, openLeases } from "#lib/gateway/spend-limits/reservations.ts";

/** For tests: what one process has of its own. */
export type TestProcess = { leases: Leases; sql: Sql; news: News; end: () => Promise<void> };

export async function testProcess(url: string): Promise<TestProcess> {
  const { sql } = connect(url, 4);
  const news = await openNews(sql);
  const leases = openLeases(sql, news);
  const end = async () => {
    await leases.close();
    await news.close();
    await sql.end({ timeout: 5 });
  };
  return { leases, sql, news, end };
}

/** For tests: a key of a workspace as the gate knows it. */
export const testGateKey = ({ organizationId, workspaceId, actor }: Context): GateKey => ({
  id: newId("key", now()),
  name: "test",
  organizationId,
  workspaceId,
  ownerId: actor.id as GateKey["ownerId"],
  permissions: new Set(),
  models: null,
  addresses: null,
  endsAt: Number.POSITIVE_INFINITY,
  ended: null,
  plan: "paid",
  rates: { plan: "paid", spentPico: 0n, overrides: [] },
  status: "active",
  statusReason: null,
  isService: false,
  isZeroRetention: false,
  staleAt: Number.POSITIVE_INFINITY,
});
