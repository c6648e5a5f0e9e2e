import { isOurAdapter } from "./names.ts";
import { type AdapterServer, loadAt, namesAt, ServerProblem, unloadAt } from "./server.ts";

/** What one server should have: adapters of ours that are not wanted go, those of others stay. */
export type Wish = {
  wanted: ReadonlySet<string>;
  /** Those of them that lie in the folder. */
  laid: ReadonlySet<string>;
  /** The folder as the server sees it. */
  folder: string;
};

/** What a server has now; null where it could not be asked. What it did not do, by name. */
export type Settled = { has: ReadonlySet<string> | null; problems: Map<string, string>; problem: string | null };

const within = (signal: AbortSignal, ms: number): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(ms)]);

const wordsOf = (error: unknown): string => {
  if (error instanceof ServerProblem) return error.message;
  throw error;
};

/** Brings one server to what is wanted. It is believed in what it lists alone, not in what it says it did. */
export async function settleServer(server: AdapterServer, wish: Wish, signal: AbortSignal): Promise<Settled> {
  const problems = new Map<string, string>();
  const list = () => namesAt(server, within(signal, server.timeoutMs));
  const attempt = async (name: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => void problems.set(name, wordsOf(error)));
  };
  try {
    const before = await list();
    const extra = [...before].filter((name) => isOurAdapter(name) && !wish.wanted.has(name));
    const missing = [...wish.laid].filter((name) => !before.has(name));
    for (const name of extra) await attempt(name, () => unloadAt(server, name, within(signal, server.timeoutMs)));
    for (const name of missing)
      await attempt(name, () => loadAt(server, { name, folder: wish.folder }, within(signal, server.timeoutMs)));
    const has = extra.length + missing.length > 0 ? await list() : before;
    for (const name of missing)
      if (!has.has(name) && !problems.has(name)) problems.set(name, "It said that it loaded it, and does not list it.");
    for (const name of extra)
      if (has.has(name) && !problems.has(name)) problems.set(name, "It said that it unloaded it, and lists it still.");
    return { has, problems, problem: null };
  } catch (error) {
    return { has: null, problems, problem: wordsOf(error) };
  }
}
