import { Counter, Histogram, Registry } from "prom-client";

/** What any floor counts of this process; `/metrics` shows it beside what it asks for itself. */
export const registry = new Registry();
const registers = [registry];

/** Seconds: from an answer out of memory to a long stream. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export const requestSeconds = new Histogram({
  name: "comptoir_request_duration_seconds",
  help: "Requests to /v1 from their first header to the end of their answer; 499 is a client that left.",
  labelNames: ["method", "route", "status"],
  buckets,
  registers,
});

export const firstByteSeconds = new Histogram({
  name: "comptoir_time_to_first_byte_seconds",
  help: "Streamed answers of a model, until their first byte was sent.",
  buckets,
  registers,
});

export const tokens = new Counter({
  name: "comptoir_tokens_total",
  help: "Tokens of answered requests, as they are billed.",
  labelNames: ["kind"],
  registers,
});

export const refusals = new Counter({
  name: "comptoir_refusals_total",
  help: "Requests to /v1 that got an error, by its type.",
  labelNames: ["reason"],
  registers,
});

export const upstreamErrors = new Counter({
  name: "comptoir_upstream_errors_total",
  help: "Errors of inference servers: a status that is their fault, or why the connection broke.",
  labelNames: ["upstream", "reason"],
  registers,
});

export const implausibleUsage = new Counter({
  name: "comptoir_upstream_implausible_usage_total",
  help: "Answers whose inference server counted more tokens than the request could take; what is more is not metered.",
  labelNames: ["upstream", "kind"],
  registers,
});

export const unknownFinishes = new Counter({
  name: "comptoir_upstream_unknown_finish_total",
  help: "Answers that ended with a word no one knows; it is taken for a plain end.",
  labelNames: ["upstream"],
  registers,
});
