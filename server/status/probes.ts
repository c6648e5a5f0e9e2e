import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "#db/client.ts";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import type { SampleState } from "#lib/domain/status/rules.ts";
import type { Component } from "#lib/domain/status/view.ts";
import { upstreamsOf } from "#lib/engine/config.ts";

export type Probe = Component & { look: () => Promise<SampleState> };

export type Result = { component: string; state: SampleState; ms: number };

const patienceMs = 5000;
const againMs = 10_000;

type Parts = { env: Env; sql: Sql; port: number; hasConsole: boolean };

/** What is looked at, and how: each the way a customer's program or browser goes, never through a shortcut of ours. */
export function probesOf({ env, sql, port, hasConsole }: Parts): Probe[] {
  const inside = `http://127.0.0.1:${port}`;
  const addresses = env.PUBLIC_URL ? [inside, env.PUBLIC_URL] : [inside];
  return [
    { id: "api", name: "API", look: () => worst(addresses.map(asksForKey)) },
    ...upstreamsOf(env.UPSTREAMS).map(({ id, url, apiKeyEnv }) => ({
      id: `models:${id}`,
      name: `Models: ${id}`,
      look: () => listsModels(url, apiKeyEnv ? process.env[apiKeyEnv] : undefined),
    })),
    ...(hasConsole
      ? [
          {
            id: "console",
            name: "Console and sign-in",
            look: () => worst(addresses.map((base) => answers(`${base}/sign-in`))),
          },
        ]
      : []),
    { id: "files", name: "Files", look: keepsFiles },
    { id: "background", name: "E-mail, webhooks and background work", look: () => worksOff(sql) },
  ];
}

/** Looks at all of them at once; what fails is looked at once more, because one lost packet is no outage. */
export function lookAtAll(
  probes: readonly Probe[],
  waitMs = againMs,
  signal: AbortSignal | undefined = undefined,
): Promise<Result[]> {
  return Promise.all(
    probes.map(async ({ id, look }) => {
      const begun = stopwatch();
      const state = async () => await within(look()).catch(() => "down" as const);
      let found = await state();
      if (found === "down") {
        await pause(waitMs, undefined, { ref: false, ...(signal && { signal }) });
        found = await state();
      }
      return { component: id, state: found, ms: Math.round(stopwatch() - begun) };
    }),
  );
}

function within<T>(work: Promise<T>): Promise<T> {
  const late = pause(patienceMs, undefined, { ref: false }).then(() => {
    throw new Error("No answer in time.");
  });
  return Promise.race([work, late]);
}

const order = ["up", "degraded", "down"] as const;
const worst = async (looks: readonly Promise<SampleState>[]): Promise<SampleState> => {
  const found = await Promise.all(looks);
  return order[Math.max(...found.map((state) => order.indexOf(state)))] ?? "down";
};

const ask = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(patienceMs) });

/** A key that no one has is looked up and refused: front, gate and database answer. */
async function asksForKey(base: string): Promise<SampleState> {
  const response = await ask(`${base}/v1/models`, { authorization: `Bearer ${newSecret()}` });
  const body = (await response.json()) as { type?: unknown };
  return response.status === 401 && body.type === "unauthorized" ? "up" : "down";
}

async function answers(url: string): Promise<SampleState> {
  const response = await ask(url);
  await response.body?.cancel();
  return response.status < 400 ? "up" : "down";
}

/** Servers that list no models answer that with a refusal, which is an answer too. */
async function listsModels(url: string, key: string | undefined): Promise<SampleState> {
  const response = await ask(`${url.replace(/\/+$/, "")}/models`, key ? { authorization: `Bearer ${key}` } : {});
  await response.body?.cancel();
  return response.status < 500 ? "up" : "down";
}

async function keepsFiles(): Promise<SampleState> {
  const key = `status/${randomUUID()}`;
  await storage().write(key, [Buffer.from(key)]);
  let read = "";
  for await (const piece of await storage().read(key)) read += Buffer.from(piece).toString();
  await storage().remove(key);
  return read === key ? "up" : "down";
}

const lateMinutes = { degraded: 10, down: 60 };

/** How long the oldest work that is due has waited tells whether anything works it off. */
async function worksOff(sql: Sql): Promise<SampleState> {
  const [row] = await sql<{ minutes: number | null }[]>`
    select (extract(epoch from clock_timestamp() - min(run_at)) / 60)::float8 as minutes from graphile_worker.jobs
    where locked_at is null and attempts = 0 and run_at < clock_timestamp()`;
  const minutes = row?.minutes ?? 0;
  if (minutes >= lateMinutes.down) return "down";
  return minutes >= lateMinutes.degraded ? "degraded" : "up";
}
