import { AppError } from "#lib/core/errors.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { amountWords, type RateLimit } from "#lib/domain/rates/rules.ts";
import type { Bucket } from "./token-bucket.ts";

type Refused = {
  limit: RateLimit;
  bucket: Bucket;
  /** Tokens the request was expected to take. */
  tokens: number;
  waitMs: number;
  /** Stopwatch and calendar. */
  now: number;
  at: number;
  workspaceId: string;
  isFree: boolean;
  headers: Record<string, string>;
};

/** What a client is told when a limit is reached: which, from where, and what to do about it. */
export function refusal(refused: Refused): AppError {
  return refused.limit.kind === "tokens_month" ? monthReached(refused) : tooFast(refused);
}

function tooFast({ limit, tokens, waitMs, workspaceId, headers }: Refused): AppError {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  const limitsUrl = publicLink(`/${workspaceId}/limits`);
  const asked = limit.kind === "tokens_minute" ? `; this request may take ${count(tokens)}` : "";
  const message =
    `This ${limit.scope} may use ${amountWords(limit.kind, limit.value)} of ${limit.model} (${limit.source.document})${asked}. ` +
    `Send it again in ${retryAfter} s, or ask for more at ${limitsUrl}.`;
  const window = limit.kind === "requests_second" ? "second" : "minute";
  const details = {
    limit: limit.value,
    window,
    scope: limit.scope,
    source: limit.source.document,
    limits_url: limitsUrl,
  };
  return new AppError("rate_limited", message, { code: "rate_limited", retryAfter, headers, details });
}

/** T-4.2.2.1-RL: access is suspended until the month is over, or at once until the organization pays. */
function monthReached({ limit, bucket, tokens, now, at, workspaceId, isFree, headers }: Refused): AppError {
  const resetsAt = new Date(bucket.shape.resetsAt ?? at);
  const retryAfter = Math.max(1, Math.ceil((resetsAt.getTime() - at) / 1000));
  const left = bucket.left(now);
  const upgradeUrl = publicLink(`/${workspaceId}/limits#plan`);
  const [first, last] = isFree
    ? ["the free plan", `or upgrade to the paid plan at ${upgradeUrl} and go on at once`]
    : [`this ${limit.scope}`, `or ask for more at ${publicLink(`/${workspaceId}/limits`)}`];
  const used =
    left > 0
      ? `Of the ${count(limit.value)} tokens a month of ${first}, ${count(left)} are left, and this request may take ${count(tokens)}.`
      : `The ${count(limit.value)} tokens a month of ${first} are used up.`;
  const message = `${used} Wait until ${dayWords.format(resetsAt)} (UTC), ${last}.`;
  const details = {
    limit: limit.value,
    used: limit.value - left,
    resets_at: resetsAt.toISOString(),
    source: limit.source.document,
    upgrade_url: upgradeUrl,
  };
  // Clients that obey Retry-After would sleep for days.
  const told = { ...headers, "x-should-retry": "false" };
  return new AppError("rate_limited", message, { code: "tokens_month_reached", retryAfter, headers: told, details });
}

const count = (value: number): string => value.toLocaleString("en-IE");
const dayWords = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
