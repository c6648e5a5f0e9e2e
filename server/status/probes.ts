import { randomUUID } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "#db/client.ts";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import { stopwatch } from "#lib/core/clock.ts";
import type { Env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { componentName, type SampleState } from "#lib/domain/status/rules.ts";
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
  const everywhere = (look: (base: string) => Promise<SampleState>): (() => Promise<SampleState>) => {
    const fromOutside = env.PUBLIC_URL && onceItAnswered(look, env.PUBLIC_URL);
    return () => worst(fromOutside ? [look(inside), fromOutside()] : [look(inside)]);
  };
  const looks: [id: string, look: Probe["look"]][] = [
    ["api", everywhere(asksForKey)],
    ...upstreamsOf(env.UPSTREAMS).map(({ id, url, apiKeyEnv }): [string, Probe["look"]] => [
      `models:${id}`,
      () => listsModels(url, apiKeyEnv ? process.env[apiKeyEnv] : undefined),
    ]),
    ...(hasConsole
      ? [["console", everywhere((base) => answers(`${base}/sign-in`))] satisfies [string, Probe["look"]]]
      : []),
    ["files", keepsFiles],
    ["background", () => worksOff(sql)],
  ];
  return looks.map(([id, look]) => ({ id, name: componentName(id), look }));
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
/**
 * Many networks do not let a server reach itself by its public address. Such an address says nothing of what customers find,
 * so it counts from its first answer on.
 */
export function onceItAnswered(look: (base: string) => Promise<SampleState>, base: string): () => Promise<SampleState> {
  let hasAnswered = false;
  return async () => {
    const found = await look(base).catch(() => "down" as const);
    hasAnswered ||= found !== "down";
    return hasAnswered ? found : "up";
  };
}

const worst = async (looks: readonly Promise<SampleState>[]): Promise<SampleState> => {
  const found = await Promise.all(looks);
  return order[Math.max(...found.map((state) => order.indexOf(state)))] ?? "down";
};

type Answer = { status: number; text: string };
/** More than any answer that is looked into. */
const mostBytes = 1_000_000;

/** On a connection of its own, which is closed with the answer: one that is kept would hold up the end of this very server. */
function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { get } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false, timeout: patienceMs }, (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on("data", (piece: Buffer) => {
        size += piece.length;
        if (size <= mostBytes) pieces.push(piece);
      });
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
    });
    request.once("timeout", () => request.destroy(new Error("No answer in time.")));
    request.once("error", reject);
  });
}

/** A key that no one has is looked up and refused: front, gate and database answer. */
async function asksForKey(base: string): Promise<SampleState> {
  const { status, text } = await ask(`${base}/v1/models`, { authorization: `Bearer ${newSecret()}` });
  const { type } = JSON.parse(text) as { type?: unknown };
  return status === 401 && type === "unauthorized" ? "up" : "down";
}

async function answers(url: string): Promise<SampleState> {
  return (await ask(url)).status < 400 ? "up" : "down";
}

/** Servers that list no models answer that with a refusal, which is an answer too. */
async function listsModels(url: string, key: string | undefined): Promise<SampleState> {
  const { status } = await ask(`${url.replace(/\/+$/, "")}/models`, key ? { authorization: `Bearer ${key}` } : {});
  return status < 500 ? "up" : "down";
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
