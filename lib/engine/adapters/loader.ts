import { LRUCache } from "lru-cache";
import { unavailable } from "#lib/engine/upstream/refusal.ts";
import type { Deployer } from "./deployers.ts";
import { isOurAdapter } from "./names.ts";
import { loadAt } from "./server.ts";

const loadMs = 10_000;
/** How long after a failure requests are refused without trying again. */
const restMs = 5000;

/** Loads an adapter that a server was asked for and does not have, as after its restart. */
export class AdapterLoader {
  readonly #deployer: Pick<Deployer, "seenAs" | "servers">;
  readonly #loading = new Map<string, Promise<void>>();
  readonly #failed = new LRUCache<string, true>({ max: 1000, ttl: restMs });

  constructor(deployer: Pick<Deployer, "seenAs" | "servers">) {
    this.#deployer = deployer;
  }

  has = isOurAdapter;

  /** At every server, because it is not known which one was asked; all who wait for it wait for one attempt. */
  load(name: string): Promise<void> {
    if (this.#failed.has(name)) return Promise.reject(unavailable());
    const loading = this.#loading.get(name) ?? this.#load(name);
    this.#loading.set(name, loading);
    return loading;
  }

  async #load(name: string): Promise<void> {
    const { servers, seenAs: folder } = this.#deployer;
    const signal = AbortSignal.timeout(loadMs);
    try {
      await Promise.any(await settled(servers.map((server) => loadAt(server, { name, folder }, signal))));
    } catch (error) {
      this.#failed.set(name, true);
      throw unavailable(error);
    } finally {
      this.#loading.delete(name);
    }
  }
}

/** The same promises once none of them is under way. */
async function settled(promises: Promise<void>[]): Promise<Promise<void>[]> {
  await Promise.allSettled(promises);
  return promises;
}
