import type { AccountContext } from "#lib/core/context.ts";
import type { BatchClaim, BatchOrders } from "#lib/domain/batch/claims/view.ts";
import {
  allot,
  type OpenLine,
  openRequests,
  type PlacedLine,
  unreadLines,
} from "#lib/domain/batch/reading/commands.ts";
import type { LineProblem } from "#lib/domain/batch/reading/rules.ts";
import { whileAway } from "./away.ts";

type Parts = { claim: BatchClaim; context: () => AccountContext };
type Now = { orders: () => BatchOrders; isOver: () => boolean };

/** Lines that are allotted together: their ids are one commit, and no more of them, nor of their bytes, lie in memory. */
const allottedTogether = 32;
const bytesTogether = 4_194_304;
const expiredTogether = 500;

const expired: LineProblem = {
  code: "batch_expired",
  message: "This request was not asked before the batch's time was over.",
};

/** The requests of a batch in order: first those that another process left, then those that are not read yet. */
export async function* linesToAsk({ claim, context }: Parts, { orders, isOver }: Now): AsyncGenerator<OpenLine> {
  for (const open of (await whileAway(() => openRequests(context(), claim), isOver)) ?? []) yield open;
  let held: PlacedLine[] = [];
  let bytes = 0;
  for await (const line of unreadLines(context(), claim)) {
    if (isOver()) return;
    held.push(line);
    bytes += line.bytes;
    const most = orders() === "expire" ? expiredTogether : allottedTogether;
    if (held.length < most && bytes < bytesTogether) continue;
    yield* await allotted({ claim, context }, held, { orders, isOver });
    held = [];
    bytes = 0;
  }
  if (!isOver()) yield* await allotted({ claim, context }, held, { orders, isOver });
}

/** Once the time is over, what is read is refused and not asked. */
async function allotted({ claim, context }: Parts, lines: PlacedLine[], { orders, isOver }: Now): Promise<OpenLine[]> {
  const problem = orders() === "expire" ? expired : null;
  const asked = await whileAway(() => allot(context(), claim, lines, problem), isOver);
  return asked === "lost" || asked === undefined
    ? []
    : asked.map((line) => ({ ...line, isBilled: false, isGivenUp: false }));
}
