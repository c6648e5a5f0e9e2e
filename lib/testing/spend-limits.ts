import type { Sql } from "#db/client.ts";
import { newId } from "#db/id.ts";
import { connect } from "#db/pool.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import { type ChangeFeed, openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { openReservations, type Reservations } from "#lib/gateway/spend-limits/reservations.ts";

/** For tests: what one process has of its own. */
export type TestProcess = { reservations: Reservations; sql: Sql; changes: ChangeFeed; end: () => Promise<void> };

export async function testProcess(url: string): Promise<TestProcess> {
  const { sql } = connect(url, 4);
  const changes = await openChangeFeed(sql);
  const reservations = openReservations(sql, changes);
  const end = async () => {
    await reservations.close();
    await changes.close();
    await sql.end({ timeout: 5 });
  };
  return { reservations, sql, changes, end };
}

/** For tests: a key of a workspace as the gate knows it. */
export const testGateKey = ({ organizationId, workspaceId, actor }: Context): AuthenticatedKey => ({
  id: newId("key", now()),
  name: "test",
  organizationId,
  workspaceId,
  ownerId: actor.id as AuthenticatedKey["ownerId"],
  permissions: new Set(),
  models: null,
  addresses: null,
  webOrigins: null,
  endsAt: Number.POSITIVE_INFINITY,
  ended: null,
  contract: {
    customerType: "business",
    unpaid: null,
    startsAt: null,
    models: {},
    endsAt: null,
    rates: { plan: "paid", spentPico: 0n, overrides: [] },
    sources: [],
  },
  status: "active",
  statusReason: null,
  statusClause: null,
  suspension: null,
  isService: false,
  isVerification: false,
  isZeroRetention: false,
  hold: null,
  freshness: { isOutdated: false },
  keptClasses: [],
  mayRequireZeroRetention: false,
  endUsers: "keep",
  isTraced: false,
  isQuiet: false,
  staleAt: Number.POSITIVE_INFINITY,
});
