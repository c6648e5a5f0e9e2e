import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { type ConfiguredModel, embeddedModels, upstreamsOf } from "./config.ts";
import type { Engine } from "./port/port.ts";
import { createTinyEngine } from "./tiny/engine.ts";
import { createUpstreamEngine } from "./upstream/engine.ts";

export const embeddedUpstream = "embedded";

/** The engines of this process, by the upstream's id. */
export type Engines = { of: (upstream: string) => Engine | undefined; close: () => Promise<void> };

export function openEngines(env: Env): Engines {
  const engines = new Map<string, Engine>();
  if (env.EMBEDDED_MODELS === "on") {
    const cacheDir = path.resolve(env.DATA_DIR, "engine");
    engines.set(embeddedUpstream, createTinyEngine({ workerFile: path.resolve("dist/tiny-worker.mjs"), cacheDir }));
  }
  for (const { id, url, apiKeyEnv, headers, timeoutMs, connections, features } of upstreamsOf(env.UPSTREAMS)) {
    const apiKey = apiKeyEnv ? process.env[apiKeyEnv] : undefined;
    engines.set(
      id,
      createUpstreamEngine({
        id,
        url,
        headers,
        features,
        timeoutMs: timeoutMs ?? env.UPSTREAM_TIMEOUT_MS,
        ...(apiKey ? { apiKey } : {}),
        ...(connections ? { connections } : {}),
      }),
    );
  }
  return {
    of: (upstream) => engines.get(upstream),
    close: async () => {
      await Promise.all([...engines.values()].map((engine) => engine.close()));
    },
  };
}

/** Every model the configuration serves, with the upstream that serves it. */
export function servedModels(env: Env): { upstream: string; model: ConfiguredModel }[] {
  const own = env.EMBEDDED_MODELS === "on" ? embeddedModels(env.DEMO === "on") : [];
  return [
    ...upstreamsOf(env.UPSTREAMS).flatMap(({ id, models }) => models.map((model) => ({ upstream: id, model }))),
    ...own.map((model) => ({ upstream: embeddedUpstream, model })),
  ];
}
