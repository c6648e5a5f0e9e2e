import { line, type Sql } from "#db/client.ts";
import { type Engines, openEngines } from "./engine/engines.ts";
import type { Env } from "./env.ts";
import { type Gate, openGate } from "./gate/gate.ts";
import { openNews } from "./gate/news.ts";
import { type Meter, openMeter } from "./meter/meter.ts";

/** What every request to `/v1` passes through; one for each process. */
export type DataPlane = { gate: Gate; engines: Engines; meter: Meter; close: () => Promise<void> };

export async function openDataPlane(sql: Sql, env: Env): Promise<DataPlane> {
  const news = await openNews(sql);
  const gate = openGate(sql, news);
  const engines = openEngines(env);
  const counter = line();
  const meter = openMeter(counter, sql, env.CONTENT_QUEUE_BYTES);
  return {
    gate,
    engines,
    meter,
    close: async () => {
      await meter.close();
      await counter.end();
      await engines.close();
      await news.close();
    },
  };
}
