import { line, type Sql } from "#db/client.ts";
import type { Env } from "#lib/core/env.ts";
import { type Engines, openEngines } from "#lib/engine/engines.ts";
import { type Gate, openGate } from "#lib/gateway/authentication/authenticator.ts";
import { openNews } from "#lib/gateway/change-feed/change-feed.ts";
import { type Meter, openMeter } from "#lib/gateway/metering/meter.ts";
import { type Limiter, openLimiter } from "#lib/gateway/rate-limits/rate-limiter.ts";
import { type Leases, openLeases } from "#lib/gateway/spend-limits/reservations.ts";

/** What every request to `/v1` passes through; one for each process. */
export type DataPlane = {
  gate: Gate;
  limiter: Limiter;
  leases: Leases;
  engines: Engines;
  meter: Meter;
  close: () => Promise<void>;
};

export async function openDataPlane(sql: Sql, env: Env): Promise<DataPlane> {
  const news = await openNews(sql);
  const gate = openGate(sql, news);
  const engines = openEngines(env);
  const lines = [line(), line()] as const;
  const limiter = await openLimiter({ sql, redisUrl: env.REDIS_URL });
  const leases = openLeases(sql, news);
  const [writing, settling] = lines;
  const meter = openMeter({ line: writing, settling, sql, leases, contentQueueBytes: env.CONTENT_QUEUE_BYTES });
  return {
    gate,
    limiter,
    leases,
    engines,
    meter,
    close: async () => {
      await meter.close();
      for (const line of lines) await line.end();
      await leases.close();
      await limiter.close();
      await engines.close();
      await news.close();
    },
  };
}
