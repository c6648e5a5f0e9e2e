import type { Call } from "#lib/gateway/http/request.ts";
import type { Ask } from "#lib/gateway/spend-limits/decide.ts";
import type { Hold } from "#lib/gateway/spend-limits/reservations.ts";
import type { Work } from "./admission.ts";

/** What is known of an answer's length before it is asked for. */
export type Extent = {
  /** Tokens the client allows each answer; undefined leaves it to the model and the limit. */
  maxTokens?: number | undefined;
  /** How many answers. */
  n?: number;
  /** Whether something other than text is in the prompt, whose tokens cannot be told from its length. */
  hasMedia?: boolean;
  /** Without an answer in tokens, as embeddings are. */
  isInputOnly?: boolean;
};

/** Marks that a model's template puts around what was sent, beyond those that JSON puts around it. */
const templateTokens = 64n;
/** An answer of this length is of use; a shorter one is given only when no more will be left. */
const usefulTokens = 256n;

/**
 * Holds the most the request may cost on its key, workspace and organization (T-4.2.2.2-LIM1). Where the client named no
 * length and a limit leaves less than the model could write, `work.clampedTokens` is what it leaves, and a header says so.
 */
export function reserve(call: Call, work: Work, extent: Extent): undefined | Promise<void> {
  const { ask, input, each } = askOf(call, work, extent);
  try {
    const hold = call.plane.leases.hold(call.key, call.at, ask, call.cancellation);
    if (!(hold instanceof Promise)) return keep(call, work, { hold, ask, input, each });
    return hold.then(
      (hold) => keep(call, work, { hold, ask, input, each }),
      (error) => refused(call, error),
    );
  } catch (error) {
    return refused(call, error);
  }
}

function askOf(call: Call, { model, price }: Work, { maxTokens, n = 1, hasMedia, isInputOnly }: Extent) {
  // A token stands for one byte at least, so bytes bound the prompt's tokens from above.
  const bytes = call.promptBytes ?? Buffer.byteLength(call.body);
  const context = model.maxContextLength;
  const prompt = hasMedia ? BigInt(context) : BigInt(bytes) + templateTokens;
  const input = prompt * price.inputMicros;
  const each = isInputOnly ? 0n : BigInt(n) * price.outputMicros;
  const longest = BigInt(Math.min(maxTokens ?? context, context));
  // A request that costs nothing still needs a limit that is not reached.
  const most = atLeastOne(input + longest * each);
  const isFixed = maxTokens !== undefined || each === 0n;
  const useful = isFixed ? most : atLeastOne(input + (longest < usefulTokens ? longest : usefulTokens) * each);
  const ask: Ask = { most, useful, least: isFixed ? most : atLeastOne(input + each) };
  return { ask, input, each };
}

const atLeastOne = (amount: bigint): bigint => (amount > 0n ? amount : 1n);

type Held = { hold: Hold; ask: Ask; input: bigint; each: bigint };

function keep(call: Call, work: Work, { hold, ask, input, each }: Held): undefined {
  call.hold = hold;
  note(call, hold.limit);
  if (hold.amount < ask.most) {
    work.clampedTokens = Number((hold.amount - input) / each);
    call.headers["x-spend-limit-max-tokens"] = String(work.clampedTokens);
  }
  return undefined;
}

function refused(call: Call, error: unknown): never {
  note(call, call.plane.leases.limit(call.key, call.at));
  throw error;
}

/** For the log: the tightest limit and what it left. */
function note({ limits }: Call, limit: Hold["limit"]): void {
  if (!limit) return;
  limits.scope = limit.scope;
  limits.leftPico = limit.left;
}
