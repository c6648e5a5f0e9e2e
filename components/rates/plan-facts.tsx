import { formatSum } from "#lib/core/money.ts";
import {
  amountWords,
  nextTier,
  planValues,
  type RateFacts,
  rateKinds,
  type Tier,
  tierName,
  tierOf,
} from "#lib/domain/rates/rules.ts";

type PlanFactsProps = Pick<RateFacts, "plan" | "spentPico">;

export const planTitles: Record<RateFacts["plan"], string> = { free: "Free", paid: "Paid", order: "By purchase order" };

/** What an organization's plan means for what it may use. */
export function PlanFacts({ plan, spentPico }: PlanFactsProps) {
  if (plan === "free") return <FreeFacts />;
  if (plan === "order") {
    return (
      <p>
        What the purchase order says holds; where it says nothing, the highest tier does. For more, request higher
        limits: the order is not changed by it.
      </p>
    );
  }
  const tier = tierOf(spentPico);
  const next = nextTier(tier);
  return (
    <>
      <p>
        {tierName(tier)}: {valuesWords(tier)} for each model. You pay for what you use.
      </p>
      <p className="text-text-soft">
        {next
          ? `At ${formatSum(next.fromPico)} of use in all, tier ${next.number} begins by itself: ${valuesWords(next)}.`
          : "This is the highest tier. For more, request higher limits."}
      </p>
    </>
  );
}

function FreeFacts() {
  return (
    <>
      <p>{freeWords()} for all models together, at no price and without a card.</p>
      <p className="text-text-soft">
        At a limit, access is suspended until it resets, or until you upgrade, which works from the next request on.
        Prompts and answers may be used to train models, as the Terms say.
      </p>
    </>
  );
}

const valuesWords = ({ values }: Tier): string =>
  rateKinds.flatMap((kind) => (values[kind] === null ? [] : amountWords(kind, values[kind]))).join(" and ");

function freeWords(): string {
  const {
    requests_second: requests,
    tokens_minute: minute,
    tokens_month: month,
  } = planValues({
    plan: "free",
    spentPico: 0n,
  });
  const each = `${amountWords("requests_second", requests ?? 0)} and ${amountWords("tokens_minute", minute ?? 0)} for each model`;
  return `${each}, ${amountWords("tokens_month", month ?? 0)}`;
}

/** What changes with the upgrade, before it is made. */
export function UpgradeEffects() {
  const first = tierOf(0n);
  return (
    <ul className="list-disc space-y-1.5 pl-5 text-ui">
      <li>
        Every request is billed at the prices of the model list. Spend limits on this page bound what it can cost.
      </li>
      <li>Prompts and answers from now on are never used to train models.</li>
      <li>
        Limits rise to {valuesWords(first)} for each model, and there is no quota of tokens a month. They rise further
        with use.
      </li>
      <li>It holds for all workspaces and keys of the organization, from the next request on.</li>
    </ul>
  );
}
