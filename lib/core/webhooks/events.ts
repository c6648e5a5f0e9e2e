import { Webhook } from "standardwebhooks";
import { dayMs } from "#lib/core/clock.ts";
import { contractEventTypes } from "./contract-events.ts";
import { jobEventTypes } from "./job-events.ts";

/** Every event a customer can be told of, with an example of what it says. Names and fields never change, they are added to. */
export const eventTypes = {
  "limit.threshold_crossed": {
    about: "A warning step of a spend limit is reached",
    example: {
      scope: "workspace",
      scope_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      name: "Production",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      period: "month",
      percent: 80,
      spent_eur: "121.4",
      limit_eur: "150",
    },
  },
  "limit.reached": {
    about: "A spend limit is reached: requests it covers are refused with 402",
    example: {
      scope: "workspace",
      scope_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      name: "Production",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      period: "month",
      percent: 100,
      spent_eur: "150",
      limit_eur: "150",
    },
  },
  "limit.raised": {
    about: "A spend limit is raised or taken away: the next request passes",
    example: {
      scope: "workspace",
      scope_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      period: "month",
      before_eur: "150",
      after_eur: "300" as string | null,
    },
  },
  "model.archived": {
    about: "A tuned model is taken out of use",
    example: {
      model_id: "ft:tiny-chat-1:pirate:20261123:5k7m1n0p",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
    },
  },
  "model.deleted": {
    about: "A tuned model is deleted",
    example: {
      model_id: "ft:tiny-chat-1:pirate:20261123:5k7m1n0p",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      receipt_id: "rcp_01j9x0v3h8e4t2r6y7k5m1n0pq",
    },
  },
  "invoice.issued": {
    about: "An invoice is issued: an advance payment, a monthly summary or a final one",
    example: {
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      kind: "summary",
      month: "2026-11-01",
      total_eur: "181.20",
      due_eur: "61.20",
    },
  },
  "invoice.paid": {
    about: "An invoice is paid",
    example: {
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      kind: "summary",
      month: "2026-11-01",
      total_eur: "181.20",
      due_eur: "61.20",
    },
  },
  "invoice.credited": {
    about: "A credit note gives back part of an invoice",
    example: {
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      kind: "credit_note",
      month: "2026-11-01",
      total_eur: "24.00",
      due_eur: "0.00",
    },
  },
  "invoice.payment_failed": {
    about: "A payment did not go through",
    example: {
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      payment_id: "pay_01j9x0v3h8e4t2r6y7k5m1n0pq",
      amount_eur: "60.00",
      reason: "insufficient_funds" as string | null,
    },
  },
  "advance.charged": {
    about: "An advance payment is collected",
    example: {
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      payment_id: "pay_01j9x0v3h8e4t2r6y7k5m1n0pq",
      amount_eur: "60.00",
      reason: null as string | null,
    },
  },
  "dispute.opened": {
    about: "Lines of an invoice are disputed",
    example: {
      dispute_id: "dsp_01j9x0v3h8e4t2r6y7k5m1n0pq",
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      state: "open",
      amount_eur: "12.00",
      credited_eur: "0.00",
    },
  },
  "dispute.decided": {
    about: "A dispute is decided, or withdrawn",
    example: {
      dispute_id: "dsp_01j9x0v3h8e4t2r6y7k5m1n0pq",
      invoice_id: "ivc_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "INV-2026-000042",
      state: "partly",
      amount_eur: "12.00",
      credited_eur: "6.00",
    },
  },
  "api_key.created": {
    about: "An API key is created, or made as the successor of another",
    example: {
      key_id: "key_01j9x0v3h8e4t2r6y7k5m1n0pq",
      name: "Checkout",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      successor_of: null as string | null,
      expires_at: "2027-06-30T00:00:00.000Z" as string | null,
    },
  },
  "api_key.revoked": {
    about: "An API key is revoked, rotated away at once or reported as leaked",
    example: {
      key_id: "key_01j9x0v3h8e4t2r6y7k5m1n0pq",
      name: "Checkout",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      reason: "revoked",
    },
  },
  "member.joined": {
    about: "Somebody joins the organization",
    example: {
      user_id: "usr_01j9x0v3h8e4t2r6y7k5m1n0pq",
      email: "ada@example.com",
      roles: ["member"] as readonly string[],
    },
  },
  "member.left": {
    about: "Somebody leaves the organization or is removed; their keys end at once",
    example: { user_id: "usr_01j9x0v3h8e4t2r6y7k5m1n0pq", email: "ada@example.com", reason: "removed" },
  },
  ...contractEventTypes,
  "agent.published": {
    about:
      "A version of an agent starts to answer; of agents that are not shared with the whole workspace the name is left out",
    example: {
      agent_id: "ag_0199c3f24a8e7b13a1d5c2e84f60b97d",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      name: "Travel planner" as string | null,
      handle: "travel-planner" as string | null,
      version: 3,
    },
  },
  "agent.deleted": {
    about: "An agent is deleted with everything of it",
    example: {
      agent_id: "ag_0199c3f24a8e7b13a1d5c2e84f60b97d",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      receipt_id: "agr_01j9x0v3h8e4t2r6y7k5m1n0pq",
    },
  },
  ...jobEventTypes,
  "file.deleted": {
    about: "A file is deleted with its content",
    example: {
      file_id: "0199c3f2-4a8e-7b13-a1d5-c2e84f60b97d",
      workspace_id: "ws_01j9x0v3h8e4t2r6y7k5m1n0pq",
      receipt_id: "drc_01j9x0v3h8e4t2r6y7k5m1n0pq",
    },
  },
  "rate_request.decided": {
    about: "A request for higher rate limits is granted or denied",
    example: {
      request_id: "rlr_01j9x0v3h8e4t2r6y7k5m1n0pq",
      decision: "granted",
      model: "tiny-chat-1" as string | null,
      answer: "For the launch",
    },
  },
  "ticket.changed": {
    about: "A ticket is opened, answered, resolved, opened again or closed",
    example: {
      ticket_id: "tkt_01j9x0v3h8e4t2r6y7k5m1n0pq",
      number: "T-10482",
      kind: "question",
      state: "waiting",
    },
  },
  "hold.changed": {
    about: "The law has something of yours kept, or that has ended",
    example: { hold_id: "hld_01j9x0v3h8e4t2r6y7k5m1n0pq", state: "active" },
  },
  "staff.accessed": {
    about: "Our staff read lines of a file, as you agreed to",
    example: {
      assistance_id: "asg_01j9x0v3h8e4t2r6y7k5m1n0pq",
      file_id: "file_01j9x0v3h8e4t2r6y7k5m1n0pq",
      staff_name: "Noor Haddad",
      first_line: 1,
      lines: 50,
    },
  },
  "zero_retention.changed": {
    about: "A request for zero retention is in another state, or a check of it failed",
    example: {
      request_id: "zdr_01j9x0v3h8e4t2r6y7k5m1n0pq",
      scope: "organization",
      workspace_id: null as string | null,
      state: "active",
      is_broken: false as boolean,
    },
  },
} as const satisfies Record<string, { about: string; example: Record<string, unknown> }>;

export type EventType = keyof typeof eventTypes;

type Widened<T> = { -readonly [K in keyof T]: T[K] extends string ? string : T[K] extends number ? number : T[K] };

/** What an event of a type says. */
export type EventData<T extends EventType> = Widened<(typeof eventTypes)[T]["example"]>;

/** Sent on request to one endpoint, to see whether it works; no one subscribes to it. */
export const testType = "webhook.test";

export const endpointsMax = 20;

/** With the waits below, the last attempt is a little under three days after the first. */
export const attemptsMax = 12;
const firstWaitMs = 10_000;
const longestWaitMs = 20 * 3_600_000;

/** How long to wait after the nth attempt failed: three times as long each time, never twice the same. */
export function waitAfter(attempt: number, random: number): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 3 ** (attempt - 1));
  return Math.round(wait * (0.8 + 0.4 * random));
}

/** For how long nothing may arrive before an endpoint is switched off. */
const patienceDays = 5;

export const isGivenUp = (failingSince: Date | null, now: Date): boolean =>
  failingSince !== null && now.getTime() - failingSince.getTime() >= patienceDays * dayMs;

export const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

/** For how long a rotated secret still signs beside the new one. */
export const overlapHours = 24;

const prefix = "whsec_";

/** A secret as its owner gets it, for any library of the Standard Webhooks. */
export const secretText = (secret: Buffer): string => prefix + secret.toString("base64");

/** One signature for each secret that is good now, so that a receiver can change over (Standard Webhooks, v1). */
export function signatureOf(secrets: readonly Buffer[], id: string, seconds: number, body: string): string {
  const at = new Date(seconds * 1000);
  return secrets.map((secret) => new Webhook(secret, { format: "raw" }).sign(id, at, body)).join(" ");
}

type Told = { type: string; at: Date; data: Record<string, unknown> };

/** What is sent of an event, the same each time. */
export const bodyOf = ({ type, at, data }: Told): string => JSON.stringify({ type, timestamp: at.toISOString(), data });

/** Why there was no answer, for people to read. */
export function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "There was no whole answer in time.";
  const { code } = error as NodeJS.ErrnoException;
  return (error.message || code || error.name).slice(0, 300);
}
