import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { type ConfiguredModel, embeddedModels, type UpstreamConfig, upstreamsOf } from "./config.ts";
import type { Engine } from "./port/port.ts";
import { Breaker, type BreakerState } from "./routes/breaker.ts";
import { createRoutes, type Route } from "./routes/routes.ts";
import { createTinyEngine } from "./tiny/engine.ts";
import { createUpstreamEngine } from "./upstream/engine.ts";

export const embeddedUpstream = "embedded";

/** How one upstream does with one model, as this process finds it. */
export type UpstreamHealth = {
  upstream: string;
  model: string;
  state: BreakerState;
  since: Date;
  reason: string | null;
};

/** The engines of this process. */
export type Engines = {
  /** What answers for a model of an upstream: that upstream, and others that serve the same model behind it. */
  of: (upstream: string, model: string) => Engine | undefined;
  /** The same of upstreams that keep nothing alone, which are told of no side field that could name a person. */
  quiet: (upstream: string, model: string) => Engine | undefined;
  health: () => UpstreamHealth[];
  /** Drops what this process holds of a tuned model, or of all. */
  forget: (tunedId: string | null) => void;
  /** Calls back when the health of one changes. */
  listen: (changed: () => void) => void;
  close: () => Promise<void>;
};

export function openEngines(env: Env): Engines {
  const upstreams = upstreamsOf(env.UPSTREAMS);
  const engines = new Map(upstreams.map((upstream) => [upstream.id, openUpstream(upstream, env)]));
  const watched: { upstream: string; model: string; breaker: Breaker }[] = [];
  const listeners: (() => void)[] = [];
  const routeOf = (upstream: string, engine: Engine, { id, upstreamModel }: ConfiguredModel): Route => {
    const breaker = new Breaker(() => {
      for (const changed of listeners) changed();
    });
    watched.push({ upstream, model: id, breaker });
    return { engine, model: upstreamModel ?? id, breaker };
  };
  const [routes, quiet] = [new Map<string, [Route, ...Route[]]>(), new Map<string, [Route, ...Route[]]>()];
  for (const { id, models, zdr } of upstreams) {
    const engine = engines.get(id);
    for (const model of engine ? models : []) {
      const route = routeOf(id, engine as Engine, model);
      add(routes, model.id, route);
      if (zdr) add(quiet, model.id, route);
    }
  }
  const served = new Map([...routes].map(([model, all]) => [model, createRoutes(all)]));
  const servedQuietly = new Map([...quiet].map(([model, all]) => [model, withoutSideFields(createRoutes(all))]));
  if (env.EMBEDDED_MODELS === "on") {
    const cacheDir = path.resolve(env.DATA_DIR, "engine");
    const workerFile = path.resolve("dist/tiny-worker.mjs");
    engines.set(embeddedUpstream, createTinyEngine({ workerFile, cacheDir, tunedBytes: env.TUNED_MODELS_BYTES }));
  }
  return {
    of: (upstream, model) => (upstream === embeddedUpstream ? undefined : served.get(model)) ?? engines.get(upstream),
    // The embedded engine is a part of this process, so it keeps nothing.
    quiet: (upstream, model) =>
      upstream === embeddedUpstream ? engines.get(embeddedUpstream) : servedQuietly.get(model),
    health: () =>
      watched.map(({ upstream, model, breaker: { state, since, reason } }) => ({
        upstream,
        model,
        state,
        since,
        reason,
      })),
    forget: (tunedId) => {
      for (const engine of engines.values()) engine.forget?.(tunedId);
    },
    listen: (changed) => listeners.push(changed),
    close: async () => {
      await Promise.all([...engines.values()].map((engine) => engine.close()));
    },
  };
}

function add(routes: Map<string, [Route, ...Route[]]>, model: string, route: Route): void {
  const known = routes.get(model);
  if (known) known.push(route);
  else routes.set(model, [route]);
}

/** What a request may say about a person or a conversation beside what is asked. */
const sideFields = ["user", "metadata", "prompt_cache_key", "safety_identifier"];

const withoutSideFields = (engine: Engine): Engine => ({
  ...engine,
  takes: new Set([...(engine.takes ?? [])].filter((name) => !sideFields.includes(name))),
});

function openUpstream(upstream: UpstreamConfig, env: Env): Engine {
  const { id, url, apiKeyEnv, headers, timeoutMs, connections, features } = upstream;
  const apiKey = apiKeyEnv ? process.env[apiKeyEnv] : undefined;
  return createUpstreamEngine({
    id,
    url,
    headers,
    features,
    timeoutMs: timeoutMs ?? env.UPSTREAM_TIMEOUT_MS,
    ...(apiKey ? { apiKey } : {}),
    ...(connections ? { connections } : {}),
  });
}

/** Every model the configuration serves, once, with the first upstream that serves it. */
export function servedModels(env: Env): { upstream: string; model: ConfiguredModel }[] {
  const own = env.EMBEDDED_MODELS === "on" ? embeddedModels(env.DEMO === "on") : [];
  const all = [
    ...upstreamsOf(env.UPSTREAMS).flatMap(({ id, models }) => models.map((model) => ({ upstream: id, model }))),
    ...own.map((model) => ({ upstream: embeddedUpstream, model })),
  ];
  return all.filter(({ model }, at) => all.findIndex((other) => other.model.id === model.id) === at);
}

/** The upstreams that the operator says keep nothing, since when and why. */
export const quietUpstreams = (env: Env) =>
  upstreamsOf(env.UPSTREAMS).flatMap(({ id, zdr, models }) =>
    zdr ? [{ upstream: id, ...zdr, models: models.map((model) => model.id) }] : [],
  );

/** The models that an upstream which keeps nothing serves, or that are a part of this process. */
export function quietModels(env: Env): Set<string> {
  const quiet = quietUpstreams(env).flatMap(({ models }) => models);
  const own = env.EMBEDDED_MODELS === "on" ? embeddedModels(env.DEMO === "on").map(({ id }) => id) : [];
  return new Set([...quiet, ...own]);
}
