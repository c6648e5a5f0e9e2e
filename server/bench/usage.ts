import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { migrateDatabase } from "#db/migrate.ts";
import { connect } from "#db/pool.ts";
import { type BenchDatabase, gatewayEnvironment, openDatabase } from "./parts.ts";
import { showBilling } from "./usage-billing.ts";
import { showCharts } from "./usage-charts.ts";
import { showMetering } from "./usage-metering.ts";

/** How fast events are metered, and what the chart of a quarter costs at a million events and at a hundred million. */
export async function usageBench(given?: BenchDatabase): Promise<void> {
  const server = given ?? (await openDatabase());
  const root = postgres(server.url, { max: 1, onnotice: () => {} });
  const sections = { metering: showMetering, billing: showBilling, charts: showCharts };
  try {
    for (const [name, show] of Object.entries(sections)) {
      if (process.env.BENCH_USAGE && process.env.BENCH_USAGE !== name) continue;
      const database = `bench_${name}_${randomBytes(4).toString("hex")}`;
      await root.unsafe(`create database ${database}`);
      const url = new URL(server.url);
      url.pathname = `/${database}`;
      await migrateDatabase(url.href);
      Object.assign(process.env, gatewayEnvironment(server, 0), { DATABASE_URL: url.href });
      const connection = connect(url.href, 1);
      try {
        await show(connection);
      } finally {
        await connection.sql.end();
        await root.unsafe(`drop database ${database} with (force)`);
      }
    }
  } finally {
    await root.end();
    if (!given) await server.drop();
  }
}
