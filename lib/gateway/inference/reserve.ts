import type { Bounds } from "#lib/engine/port/port.ts";
import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import type { ReservationNeed } from "#lib/gateway/spend-limits/decide.ts";
import type { Reservation } from "#lib/gateway/spend-limits/reservations.ts";
import type { AdmittedRequest } from "./admission.ts";

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
const templateTokens = 64;
/** An answer of this length is of use; a shorter one is given only when no more will be left. */
const usefulTokens = 256n;

/** A request whose most possible cost is reserved on every limit above it. */
export type HeldRequest = AdmittedRequest & {
  reservation: Reservation;
  /** The most tokens a limit left for the answer, when the client named no number. */
  clampedTokens: number | null;
  /** The most tokens it can take, whatever the engine counts; what is reserved pays for them. */
  bounds: Bounds;
};

/**
 * Reserves the most the request may cost on its key, workspace and organization (T-4.2.2.2-LIM1). Where the client named
 * no length and a limit leaves less than the model could write, a header says what it leaves.
 */
export function reserve(admitted: AdmittedRequest, extent: Extent): HeldRequest | Promise<HeldRequest> {
  const { request } = admitted;
  const need = needOf(admitted, extent);
  try {
    const reservation = request.plane.reservations.reserve(request.key, request.at, need.ask, request.cancellation);
    if (!(reservation instanceof Promise)) return held(admitted, need, reservation);
    return reservation.then(
      (reservation) => held(admitted, need, reservation),
      (error) => refused(request, error),
    );
  } catch (error) {
    return refused(request, error);
  }
}

type Need = { ask: ReservationNeed; input: bigint; each: bigint; n: number; bounds: Bounds };

/** What a request can take at most: what an engine counts beyond is not what it took. */
function boundsOf({ request, model }: AdmittedRequest, { maxTokens, n = 1, hasMedia, isInputOnly }: Extent): Bounds {
  // A token stands for one byte at least, so bytes bound the prompt's tokens from above.
  const bytes = request.promptBytes ?? request.bytes.length;
  const context = model.maxContextLength;
  const longest = Math.min(maxTokens ?? context, context);
  return {
    promptTokens: hasMedia ? context : bytes + templateTokens,
    completionTokens: isInputOnly ? 0 : n * longest,
  };
}

function needOf(admitted: AdmittedRequest, extent: Extent): Need {
  const { price } = admitted;
  const { maxTokens, n = 1, isInputOnly } = extent;
  const bounds = boundsOf(admitted, extent);
  const input = BigInt(bounds.promptTokens) * price.inputMicros;
  const each = isInputOnly ? 0n : BigInt(n) * price.outputMicros;
  const longest = BigInt(bounds.completionTokens / n);
  // A request that costs nothing still needs a limit that is not reached.
  const most = atLeastOne(input + longest * each);
  const isFixed = maxTokens !== undefined || each === 0n;
  const useful = isFixed ? most : atLeastOne(input + (longest < usefulTokens ? longest : usefulTokens) * each);
  return { ask: { most, useful, least: isFixed ? most : atLeastOne(input + each) }, input, each, n, bounds };
}

const atLeastOne = (amount: bigint): bigint => (amount > 0n ? amount : 1n);

function held(admitted: AdmittedRequest, need: Need, reservation: Reservation): HeldRequest {
  const { request } = admitted;
  const { ask, input, each, n, bounds } = need;
  request.hold(reservation);
  note(request, reservation.limit);
  if (reservation.amount >= ask.most) return { ...admitted, reservation, clampedTokens: null, bounds };
  const clampedTokens = Number((reservation.amount - input) / each);
  request.headers["x-spend-limit-max-tokens"] = String(clampedTokens);
  return { ...admitted, reservation, clampedTokens, bounds: { ...bounds, completionTokens: n * clampedTokens } };
}

function refused(request: AuthenticatedRequest, error: unknown): never {
  note(request, request.plane.reservations.limit(request.key, request.at));
  throw error;
}

/** For the log: the tightest limit and what it left. */
function note({ limits }: AuthenticatedRequest, limit: Reservation["limit"]): void {
  if (!limit) return;
  limits.scope = limit.scope;
  limits.leftPico = limit.left;
}
