import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { openStored } from "#lib/core/keyring/stored.ts";
import { logError } from "#lib/core/log.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import type { Found } from "#lib/domain/tuned-models/deploying/rules.ts";
import type { Deployable } from "#lib/domain/tuned-models/deploying/view.ts";
import { BadArchive } from "#lib/engine/adapters/archive.ts";
import type { Deployer } from "#lib/engine/adapters/deployers.ts";
import { isLaid, layAdapter, tidyAdapters } from "#lib/engine/adapters/folder.ts";
import { type Settled, settleServer } from "#lib/engine/adapters/settle.ts";

/** A round is over before the next begins. */
const roundMs = 50_000;

/** What the servers of an upstream have after they were asked. */
export type Round = {
  deployer: Deployer;
  /** The adapters that they should have. */
  wanted: ReadonlySet<string>;
  servers: readonly Settled[];
  /** Why an adapter could not be laid before them. */
  unlaid: ReadonlyMap<string, string>;
  found: (adapter: string) => Found;
};

/** The weights a model should answer with, and those it answers with until these are there. */
const wantedNames = ({ target, upstreamModel }: Deployable): string[] => [
  target,
  ...(upstreamModel === null || upstreamModel === target ? [] : [upstreamModel]),
];

/** Asks all upstreams at once; none waits for another. */
export const goRound = part(
  async (_: AccountContext, deployers: readonly Deployer[], models: readonly Deployable[]): Promise<Round[]> => {
    const own = deployers.map((deployer) => ({
      deployer,
      models: models.filter(({ base }) => deployer.models.has(base)),
    }));
    // Several upstreams may share a folder.
    const folders = new Set(deployers.map(({ folder }) => folder));
    await Promise.all(
      [...folders].map((folder) => {
        const its = own.filter(({ deployer }) => deployer.folder === folder);
        const wanted = new Set(its.flatMap((one) => one.models.flatMap(wantedNames)));
        return tidyAdapters(folder, wanted).catch((error: unknown) => void logError("adapters.tidy", error));
      }),
    );
    return Promise.all(own.map((one) => roundAt(one.deployer, one.models)));
  },
);

async function roundAt(deployer: Deployer, models: readonly Deployable[]): Promise<Round> {
  const signal = AbortSignal.timeout(roundMs);
  const wanted = new Set(models.flatMap(wantedNames));
  const unlaid = new Map<string, string>();
  for (const model of models) {
    const problem = await lay(deployer.folder, model);
    if (problem) unlaid.set(model.target, problem);
  }
  const there = await Promise.all([...wanted].map(async (name) => ({ name, is: await isLaid(deployer.folder, name) })));
  const laid = new Set(there.filter(({ is }) => is).map(({ name }) => name));
  const wish = { wanted, laid, folder: deployer.seenAs };
  const servers = await Promise.all(deployer.servers.map((server) => settleServer(server, wish, signal)));
  return { deployer, wanted, servers, unlaid, found: (adapter) => foundAt(servers, adapter) };
}

function foundAt(servers: readonly Settled[], adapter: string): Found {
  if (servers.some(({ has }) => has?.has(adapter))) return "there";
  return servers.every(({ has }) => has !== null) ? "not_there" : "unknown";
}

/** Lays the weights of a model before its servers; what keeps it from that is said, and keeps no other model. */
async function lay(folder: string, { organizationId, target, blob }: Deployable): Promise<string | null> {
  const { id: label, bytes, key: wrapped } = blob;
  if (!wrapped) return "Its weights are deleted.";
  try {
    await layAdapter(folder, target, () =>
      openStored({ place: blobPlace(organizationId, label), label, wrapped, bytes }),
    );
    return null;
  } catch (error) {
    if (error instanceof BadArchive) return error.message;
    logError("adapters.lay", error);
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    return `It could not be laid into the folder${code}.`;
  }
}
