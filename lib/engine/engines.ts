import path from "node:path";
import type { Env } from "#lib/core/env.ts";
import { deployerOf } from "./adapters/deployers.ts";
import { AdapterLoader } from "./adapters/loader.ts";
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

/** With `among`, the upstreams of it alone: what was tuned from a model is at some of those that serve the model. */
type Find = (upstream: string, model: string, among?: readonly string[] | null) => Engine | undefined;

/** The engines of this process. */
export type Engines = {
  /** What answers for a model of an upstream: that upstream, and others that serve the same model behind it. */
  of: Find;
  /** The same of upstreams that keep nothing alone, which are told of no side field that could name a person. */
  quiet: Find;
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
    return { upstream, engine, model: upstreamModel ?? id, breaker };
  };
  const [routes, quiet] = [new RouteTable(), new RouteTable(withoutSideFields)];
  for (const { id, models, zdr } of upstreams) {
    const engine = engines.get(id);
    for (const model of engine ? models : []) {
      const route = routeOf(id, engine as Engine, model);
      routes.add(model.id, route);
      if (zdr) quiet.add(model.id, route);
    }
  }
  if (env.EMBEDDED_MODELS === "on") {
    const cacheDir = path.resolve(env.DATA_DIR, "engine");
    const workerFile = path.resolve("dist/tiny-worker.mjs");
    engines.set(embeddedUpstream, createTinyEngine({ workerFile, cacheDir, tunedBytes: env.TUNED_MODELS_BYTES }));
  }
  return {
    of: (upstream, model, among) =>
      (upstream === embeddedUpstream ? undefined : routes.engine(model, among)) ??
      (among ? undefined : engines.get(upstream)),
    // The embedded engine is a part of this process, so it keeps nothing.
    quiet: (upstream, model, among) =>
      upstream === embeddedUpstream ? engines.get(embeddedUpstream) : quiet.engine(model, among),
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

/** The upstreams of each model, and those of them that stand behind each other as one engine. */
class RouteTable {
  readonly #routes = new Map<string, Route[]>();
  readonly #engines = new Map<string, Engine>();
  readonly #wrap: (engine: Engine) => Engine;

  constructor(wrap: (engine: Engine) => Engine = (engine) => engine) {
    this.#wrap = wrap;
  }

  add(model: string, route: Route): void {
    this.#routes.set(model, [...(this.#routes.get(model) ?? []), route]);
  }

  engine(model: string, among?: readonly string[] | null): Engine | undefined {
    const place = among ? JSON.stringify([model, ...among]) : model;
    const known = this.#engines.get(place);
    if (known) return known;
    const all = this.#routes.get(model) ?? [];
    const [first, ...others] = among ? all.filter(({ upstream }) => among.includes(upstream)) : all;
    if (!first) return undefined;
    const engine = this.#wrap(createRoutes([first, ...others]));
    this.#engines.set(place, engine);
    return engine;
  }
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
  const deployer = deployerOf(upstream);
  return createUpstreamEngine({
    id,
    url,
    headers,
    features,
    timeoutMs: timeoutMs ?? env.UPSTREAM_TIMEOUT_MS,
    ...(apiKey ? { apiKey } : {}),
    ...(connections ? { connections } : {}),
    ...(deployer ? { adapters: new AdapterLoader(deployer) } : {}),
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
