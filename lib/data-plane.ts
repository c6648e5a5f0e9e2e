import { line, type Sql } from "#db/client.ts";
import { type Engines, openEngines } from "./engine/engines.ts";
import type { Env } from "./env.ts";
import { type Gate, openGate } from "./gate/gate.ts";
import { openNews } from "./gate/news.ts";
import { type Leases, openLeases } from "./leases/leases.ts";
import { type Limiter, openLimiter } from "./limiter/limiter.ts";
import { type Meter, openMeter } from "./meter/meter.ts";

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
