import { z } from "zod";
import { sql } from "#db/client.ts";
import { tenantDb } from "#db/tenant.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, actingAs } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { idField } from "#lib/core/id-field.ts";
import type { InternalCall } from "#lib/core/internal.ts";
import { keyring } from "#lib/core/keyring/keyring.ts";
import { openItem } from "#lib/domain/abuse/reading/commands.ts";
import { openItemInput } from "#lib/domain/abuse/reading/input.ts";
import { liveSession } from "#lib/domain/account/sessions/queries.ts";
import { readInput } from "#lib/domain/assistance/input.ts";
import { readUnderGrant } from "#lib/domain/assistance/reading/commands.ts";
import { openLines } from "#lib/domain/files/contents/commands.ts";
import { staffActor } from "#lib/domain/staff/entering/rules.ts";
import { openerOf } from "#lib/gateway/metering/reading.ts";

const asked = z.strictObject({
  sessionId: idField("session"),
  origin: z.strictObject({ address: z.string().max(100), agent: z.string().max(400) }),
  input: z.record(z.string(), z.unknown()),
});

/** One of the staff, by a session that is live now: the pages' word for who it is counts for nothing. */
async function staffOf({ sessionId, origin }: z.output<typeof asked>): Promise<AccountContext> {
  const permissions = new Set(anonymousPermissions);
  const visitor: Actor = { kind: "anonymous", id: "anonymous", name: "Visitor", permissions };
  const ctx = acrossTenants({ db: tenantDb({ isStaff: true }), now: now(), actor: visitor, origin });
  const session = await liveSession(ctx, sessionId);
  if (!session) throw new AppError("unauthenticated", "Sign in to continue.");
  return actingAs(ctx, staffActor(session, env()));
}

/**
 * What the pages may have opened for them. Each call is whole, with its permission, its row in the customer's audit log and
 * its limits, so that the process of the pages needs no key for it.
 */
export const internalCalls: Record<InternalCall, (body: unknown) => Promise<unknown>> = {
  rings: async () => (await keyring()).durable,
  "open-item": async (body) => {
    const given = asked.parse(body);
    return openItem(await staffOf(given), openItemInput.parse(given.input), openerOf(sql()));
  },
  "read-under-grant": async (body) => {
    const given = asked.parse(body);
    const ctx = await staffOf(given);
    return readUnderGrant(ctx, readInput.parse(given.input), openLines.bind(null, ctx));
  },
};
