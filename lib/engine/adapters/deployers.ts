import type { Env } from "#lib/core/env.ts";
import { type UpstreamConfig, upstreamsOf } from "#lib/engine/config.ts";
import type { AdapterServer } from "./server.ts";

/** An upstream whose servers load what workers trained. */
export type Deployer = {
  upstream: string;
  /** The base models it serves, by their ids here. */
  models: ReadonlySet<string>;
  /** The folder as this process sees it, and as the servers do. */
  folder: string;
  seenAs: string;
  servers: readonly AdapterServer[];
};

/** An adapter is loaded in a second or few; a server that takes longer keeps a round from no other. */
const mostMs = 30_000;

/** The deployer of an upstream, where it has one. */
export function deployerOf({
  id,
  url,
  apiKeyEnv,
  headers,
  timeoutMs = mostMs,
  deployer,
  models,
}: UpstreamConfig): Deployer | null {
  if (!deployer) return null;
  const apiKey = apiKeyEnv ? process.env[apiKeyEnv] : undefined;
  const sent = { ...headers, ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
  const { folder, seenAs = folder, replicas = [url] } = deployer;
  const servers = replicas.map((replica) => ({ url: replica, headers: sent, timeoutMs: Math.min(timeoutMs, mostMs) }));
  return { upstream: id, models: new Set(models.map((model) => model.id)), folder, seenAs, servers };
}

export const deployersOf = (env: Env): Deployer[] =>
  upstreamsOf(env.UPSTREAMS).flatMap((upstream) => deployerOf(upstream) ?? []);
