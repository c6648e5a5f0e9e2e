import { line, type Sql } from "#db/client.ts";
import type { Env } from "#lib/core/env.ts";
import { type Engines, openEngines } from "#lib/engine/engines.ts";
import { type Authenticator, openAuthenticator } from "#lib/gateway/authentication/authenticator.ts";
import { openWebOrigins, type WebOrigins } from "#lib/gateway/authentication/web-origins.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { type Meter, openMeter } from "#lib/gateway/metering/meter.ts";
import { openRateLimiter, type RateLimiter } from "#lib/gateway/rate-limits/rate-limiter.ts";
import { openReservations, type Reservations } from "#lib/gateway/spend-limits/reservations.ts";
import { openBoard } from "#lib/gateway/upstreams/board.ts";
import { Calls } from "./calls.ts";
import { openEndings } from "./endings.ts";

/** What every request to `/v1` passes through; one for each process. */
export type DataPlane = {
  authenticator: Authenticator;
  origins: WebOrigins;
  rateLimiter: RateLimiter;
  reservations: Reservations;
  engines: Engines;
  meter: Meter;
  calls: Calls;
  close: () => Promise<void>;
};

const goneWeights = "tuned:weights:";

export async function openDataPlane(sql: Sql, env: Env, engines = openEngines(env)): Promise<DataPlane> {
  const changes = await openChangeFeed(sql);
  const authenticator = openAuthenticator(sql, changes);
  const origins = await openWebOrigins(sql, changes, env.CORS_ORIGINS);
  // A model that is deleted goes from memory too (T-4.2.3-DEL1); so do all whose end may have been missed.
  changes.subscribe({
    tell: (message) => {
      if (message.startsWith(goneWeights)) engines.forget(message.slice(goneWeights.length));
    },
    forget: () => engines.forget(null),
  });
  const calls = new Calls();
  const endings = await openEndings(sql, changes, calls);
  const board = openBoard(sql, engines);
  const lines = [line(), line()] as const;
  const rateLimiter = await openRateLimiter({ sql, redisUrl: env.REDIS_URL });
  const reservations = openReservations(sql, changes, calls);
  const [writing, settling] = lines;
  const contentQueueBytes = env.CONTENT_QUEUE_BYTES;
  const meter = openMeter({ line: writing, settling, sql, changes, reservations, contentQueueBytes });
  return {
    authenticator,
    origins,
    rateLimiter,
    reservations,
    engines,
    meter,
    calls,
    close: async () => {
      endings.close();
      await meter.close();
      for (const line of lines) await line.end();
      await reservations.close();
      await rateLimiter.close();
      await board.close();
      await engines.close();
      await origins.close();
      await changes.close();
    },
  };
}
