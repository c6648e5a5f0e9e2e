import type { DataPlane } from "#lib/gateway/http/data-plane.ts";

/** Gauges in the text format of Prometheus. */
export function metrics(plane: DataPlane): string {
  const { heapUsed, rss } = process.memoryUsage();
  const gauges: [string, string, number][] = [
    ["comptoir_events_waiting", "Usage events waiting for their commit.", plane.meter.waiting()],
    [
      "comptoir_refusals_unlogged_total",
      "Refused and failed requests that were counted here only.",
      plane.meter.unlogged(),
    ],
    ["comptoir_held_euros", "Held for requests under way in this process.", Number(plane.reservations.held()) / 1e12],
    ["process_resident_memory_bytes", "Resident memory.", rss],
    ["nodejs_heap_used_bytes", "Heap in use.", heapUsed],
    ["process_uptime_seconds", "Seconds since the start.", Math.round(process.uptime())],
  ];
  return gauges
    .map(([name, text, value]) => `# HELP ${name} ${text}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join("");
}
