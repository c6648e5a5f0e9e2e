import { uuidOf } from "#db/id.ts";
import { endOfMonth } from "#lib/core/clock.ts";
import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { decimalString, formatEuros, formatSum } from "#lib/core/money.ts";
import type { AuthenticatedKey } from "#lib/gateway/authentication/key-lookup.ts";
import type { ReservationNeed } from "./decide.ts";
import type { Pool, PoolStanding } from "./pool.ts";

const words = { key: "API key", workspace: "workspace", organization: "organization" } as const;

/**
 * T-4.2.2.2-LIM1: what a request is told that a limit does not allow. At the limit it is 402; when the rest of it is
 * only held by requests under way it is 429, because a moment later it may pass.
 */
export function refusal(key: AuthenticatedKey, ask: ReservationNeed, refused: Refused): AppError {
  const { pool, isReached } = refused;
  if (!pool.standing)
    return new AppError("unavailable", "The limit was changed this moment. Try again.", { retryAfter: 1 });
  const { limit, settled, held, reserved, jobs } = pool.standing;
  // A flood asks for the same again and again, and what it is told stays the same until a person spends or changes a limit.
  const name = `${key.workspaceId} ${ask.least} ${isReached} ${limit} ${settled} ${held} ${reserved} ${jobs}`;
  if (pool.refused?.name !== name) pool.refused = { name, error: made(key, ask, refused, pool.standing) };
  return pool.refused.error;
}

type Refused = { pool: Pool; isReached: boolean };

function made(
  key: AuthenticatedKey,
  ask: ReservationNeed,
  { pool: { place }, isReached }: Refused,
  standing: PoolStanding,
): AppError {
  const { limit, settled, held, reserved } = standing;
  const whose = `${words[place.scope]}'s spend limit of ${formatEuros(limit)}`;
  const adjustUrl = publicLink(`/${key.workspaceId}/limits#${place.scope}`);
  const resetsAt = standing.period === "month" ? endOfMonth(place.month).toISOString() : null;
  const details = {
    scope: place.scope,
    scope_id: place.scopeId,
    period: standing.period,
    currency: "EUR",
    limit: decimalString(limit),
    spent: decimalString(settled),
    held: decimalString(held),
    resets_at: resetsAt,
    adjust_url: adjustUrl,
    ...(reserved > 0n && { held_by_jobs: heldByJobs(key, standing) }),
  };
  if (!isReached) {
    const message = `What the ${whose} leaves is held by requests under way. Try again in a few seconds, or raise the limit at ${adjustUrl}.`;
    return new AppError("rate_limited", message, { code: "spend_limit_held", retryAfter: 5, details });
  }
  const until = resetsAt ? `, or wait until ${resetsAt.slice(0, 10)} (UTC)` : "";
  const left = limit - settled - reserved;
  if (reserved > 0n && limit > settled) {
    const message = `Fine-tuning jobs hold ${formatEuros(reserved)} of the ${whose}, and ${formatSum(settled)} is spent. Raise the limit at ${adjustUrl}, or wait until a job ends.`;
    return new AppError("limit_reached", message, { code: "spend_limit_reached", details });
  }
  const problem =
    left <= 0n
      ? `The ${whose} is reached: ${formatSum(settled)} is spent.`
      : `The ${whose} leaves ${formatEuros(left)}, and this request may cost ${formatEuros(ask.least)}. Lower max_tokens or shorten the prompt.`;
  return new AppError("limit_reached", `${problem} Raise the limit at ${adjustUrl}${until}.`, {
    code: "spend_limit_reached",
    details,
  });
}

/** The jobs that hold a part of a limit, each with its page. */
const heldByJobs = ({ workspaceId }: AuthenticatedKey, { reserved, jobs }: PoolStanding) => ({
  held: decimalString(reserved),
  jobs: jobs.map((job) => ({ id: uuidOf(job), url: publicLink(`/${workspaceId}/fine-tuning/${job}`) })),
});
