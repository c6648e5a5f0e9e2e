import { setTimeout } from "node:timers/promises";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { sql } from "#db/client.ts";
import { registry } from "#lib/core/metrics.ts";
import type { DataPlane } from "#lib/gateway/http/data-plane.ts";

collectDefaultMetrics({ register: registry });

export type Metrics = { contentType: string; text: () => Promise<string> };

/** All that a process tells Prometheus: what it counted, and what the data plane and the database say when asked. */
export function openMetrics(plane: DataPlane): Metrics {
  const own = new Registry();
  const registers = [own];
  new Gauge({
    name: "comptoir_events_waiting",
    help: "Usage events waiting for their commit.",
    registers,
    collect() {
      this.set(plane.meter.waiting());
    },
  });
  new Gauge({
    name: "comptoir_held_euros",
    help: "Held for requests under way in this process.",
    registers,
    collect() {
      this.set(Number(plane.reservations.held()) / 1e12);
    },
  });
  new Counter({
    name: "comptoir_refusals_unlogged_total",
    help: "Refused and failed requests that were counted here only.",
    registers,
    collect() {
      this.reset();
      this.inc(plane.meter.unlogged());
    },
  });
  new Gauge({
    name: "comptoir_jobs",
    help: "Background jobs of the installation: due, waiting for their time, or failed for good.",
    labelNames: ["state"],
    registers,
    async collect() {
      fill(this, await counted(jobs));
    },
  });
  new Gauge({
    name: "comptoir_job_late_seconds",
    help: "How long ago each scheduled job should have succeeded; 0 while it is in time. More than an hour is an alarm.",
    labelNames: ["job"],
    registers,
    async collect() {
      this.reset();
      for (const { state: job, count } of await counted(lateness)) this.set({ job }, count);
    },
  });
  new Gauge({
    name: "comptoir_database_connections",
    help: "Connections the installation's processes hold to the database, by what they do.",
    labelNames: ["state"],
    registers,
    async collect() {
      fill(this, await counted(connections));
    },
  });
  new Gauge({
    name: "comptoir_upstream_state",
    help: "Whether this process asks an inference server for a model (closed), leaves it alone (open) or tries it (half_open).",
    labelNames: ["upstream", "model", "state"],
    registers,
    collect() {
      this.reset();
      for (const { upstream, model, state } of plane.engines.health()) {
        for (const known of ["closed", "open", "half_open"])
          this.set({ upstream, model, state: known }, Number(known === state));
      }
    },
  });
  const all = Registry.merge([registry, own]);
  return { contentType: all.contentType, text: () => all.metrics() };
}

type Count = { state: string; count: number };

const jobs = `
  select case when attempts >= max_attempts then 'failed' when run_at > now() then 'scheduled' else 'due' end as state,
    count(*)::int as count
  from graphile_worker.jobs group by 1`;

const lateness = `
  select name as state, greatest(0, extract(epoch from now() - coalesce(succeeded_at, known_since)) - every_minutes * 60)::int as count
  from job_runs`;

const connections = `
  select coalesce(state, 'unknown') as state, count(*)::int as count
  from pg_stat_activity where datname = current_database() and application_name = 'comptoir' group by 1`;

const patienceMs = 1000;

/** Nothing, rather than no metrics at all, while the database does not answer. */
function counted(statement: string): Promise<readonly Count[]> {
  const asked = sql()
    .unsafe<Count[]>(statement)
    .catch(() => []);
  return Promise.race([asked, setTimeout(patienceMs, [], { ref: false })]);
}

/** A state that is gone has no row any more, and must not stay as it was. */
function fill(gauge: Gauge<"state">, counts: readonly Count[]): void {
  gauge.reset();
  for (const { state, count } of counts) gauge.set({ state }, count);
}
