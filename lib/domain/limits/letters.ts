import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatEuros, formatSum } from "#lib/core/money.ts";
import type { Subject } from "./alerts/queries.ts";
import { forecastPico, perDayPico, type SpendRate } from "./forecast/rules.ts";
import { dayWords, isReached, type LimitStanding, monthWords, percentOf, resetsAt } from "./rules.ts";

type Facts = {
  to: { email: string; name: string };
  standing: LimitStanding;
  /** The step that was reached, in per cent. */
  step: number;
  subject: Subject;
  spendRate: SpendRate | null;
  now: Date;
};

const kinds = { key: "The key", workspace: "The workspace", organization: "The organization" } as const;

/** T-4.2.2.2-LIM3: a step of a limit was reached; at the last one, requests are refused. */
export function limitLetter({ to, standing, step, subject, spendRate, now }: Facts): Letter {
  const isOver = isReached(standing);
  const who = `${kinds[subject.scope]} ${subject.name}`;
  const others = standing.alertPercents.length > 1 ? ` at ${list(standing.alertPercents)}` : "";
  const forLife = standing.period === "lifetime";
  return compose({
    kind: isOver ? "limits.reached" : "limits.alert",
    to,
    subject: isOver
      ? `${subject.name} has reached its spend limit: requests are refused`
      : `${step} % of the spend limit of ${subject.name} is spent`,
    before: [
      `${who} has spent ${spentWords(standing, now)}.`,
      ...forecastWords(standing, spendRate, now),
      isOver ? refusedWords(standing, now) : aheadWords(standing, now),
    ],
    link: { label: isOver ? "Raise the limit" : "See or change the limit", path: pathOf(subject) },
    after: [
      forLife
        ? `You get one such letter for each step${others}, and never again for the same step.`
        : `You get one such letter a month for each step${others}. The steps can be changed beside the limit.`,
    ],
    organizationId: subject.organizationId,
    clause: "T-4.2.2.2-LIM3",
  });
}

function spentWords(standing: LimitStanding, now: Date): string {
  const limit = formatEuros(standing.limitPico ?? 0n);
  const period = standing.period === "month" ? `for ${monthWords(now)}` : "for its whole life";
  return `${formatSum(standing.settledPico)} of its limit of ${limit} ${period}, which is ${percentOf(standing)} %`;
}

/** Nothing where the limit is reached already: what is refused costs nothing. */
function forecastWords(standing: LimitStanding, spendRate: SpendRate | null, now: Date): string[] {
  if (!spendRate || standing.period === "lifetime" || isReached(standing)) return [];
  const days = spendRate.fullDays === 1 ? "the last full day" : `the last ${spendRate.fullDays} full days`;
  const end = formatSum(forecastPico(standing.settledPico, spendRate, now));
  return [
    `At the pace of ${days}, ${formatSum(perDayPico(spendRate))} a day, it would be about ${end} by the end of ${monthWords(now)}.`,
  ];
}

function refusedWords(standing: LimitStanding, now: Date): string {
  const until = standing.period === "month" ? `until ${dayWords(resetsAt(now))} (UTC), or ` : "";
  return `Requests that this limit covers are refused with status 402 ${until}until the limit is raised. The next request after a raise passes.`;
}

function aheadWords(standing: LimitStanding, now: Date): string {
  const resets =
    standing.period === "month" ? ` What is spent counts from nothing again on ${dayWords(resetsAt(now))} (UTC).` : "";
  return `At 100 % requests are refused with status 402 until the limit is raised.${resets}`;
}

const list = (steps: readonly number[]): string =>
  steps
    .map((step) => `${step} %`)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");

const pathOf = ({ scope, workspaceId }: Subject): string =>
  `/${workspaceId}/limits#${scope === "key" ? "keys" : scope}`;
