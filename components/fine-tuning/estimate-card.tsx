"use client";

import { Card } from "#components/ui/card.tsx";
import { CodeTabs } from "#components/ui/code-tabs.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormHidden } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { formatSum } from "#lib/core/money.ts";
import { durationWords } from "./job-now.ts";

type Estimate = {
  costPico: bigint;
  trainTokens: number;
  dataTokens: number;
  steps: number;
  epochs: number;
  seconds: number;
  startsAt: Date;
  isScaled: boolean;
};
type Limit = { scope: string; limitPico: bigint | null; settledPico: bigint; heldPico: bigint };

type Props = {
  estimate: Estimate;
  limits: readonly Limit[];
  limitsHref: string;
  /** What was chosen, as the form sends it. */
  values: Readonly<Record<string, string>>;
  now: Date;
  /** The same as a call, by language. */
  codes: Readonly<Record<string, string>>;
  create: Action<void>;
};

/** What a training takes and costs, and whether each limit has room for it, before it starts. */
export function EstimateCard({ estimate, limits, limitsHref, values, now, codes, create }: Props) {
  const [result, submit, pending] = useAction(create);
  const waits = Math.max(0, (estimate.startsAt.getTime() - now.getTime()) / 1000);
  const about = estimate.isScaled ? "about " : "";
  return (
    <form action={submit}>
      <FormHidden values={values} />
      <Card
        title="5. Estimate"
        hint="What it can cost is reserved when it starts; what is not used is free again when it ends."
        footer={
          <SubmitButton pending={pending}>{`Start training · reserves ${formatSum(estimate.costPico)}`}</SubmitButton>
        }
      >
        <div className="flex flex-col gap-4">
          <FormMessage result={result} />
          <DefinitionList
            rows={[
              {
                term: "Length",
                value: `${estimate.steps} steps, ${Number(estimate.epochs.toFixed(2))} times through the data`,
              },
              { term: "Tokens", value: `${about}${estimate.trainTokens.toLocaleString("en-IE")} trained` },
              { term: "Costs at most", value: <span className="font-semibold">{formatSum(estimate.costPico)}</span> },
              { term: "Takes", value: `about ${durationWords(estimate.seconds)}` },
              { term: "Begins", value: waits < 2 ? "at once" : `in about ${durationWords(waits)}` },
            ]}
          />
          {limits
            .filter(({ limitPico }) => limitPico !== null)
            .map((limit) => (
              <Room key={limit.scope} limit={limit} costPico={estimate.costPico} href={limitsHref} />
            ))}
          <details className="text-ui">
            <summary className="w-fit cursor-pointer rounded-small text-text-soft">
              Show as curl, Python or TypeScript
            </summary>
            <div className="pt-2">
              <CodeTabs codes={codes} />
            </div>
          </details>
        </div>
      </Card>
    </form>
  );
}

const names: Record<string, string> = {
  workspace: "Limit of this workspace",
  organization: "Limit of the organization",
};

/** A limit with what is used of it, what is reserved already, and what this would reserve. */
function Room({ limit, costPico, href }: { limit: Limit; costPico: bigint; href: string }) {
  const { scope, limitPico, settledPico, heldPico } = limit;
  const total = limitPico ?? 0n;
  const used = settledPico + heldPico;
  const fits = used + costPico <= total;
  const shareOf = (part: bigint) => (total > 0n ? Number((part * 1000n) / total) / 10 : 100);
  const usedShare = Math.min(100, shareOf(used));
  return (
    <div className="flex flex-col gap-1.5 text-ui">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>{names[scope] ?? scope}</span>
        <span className={fits ? "text-text-soft" : "text-bad"}>
          {fits ? `${formatSum(total - used - costPico)} stays free` : `${formatSum(used + costPico - total)} too much`}{" "}
          of {formatSum(total)}
        </span>
      </div>
      <svg aria-hidden="true" className="block h-2 w-full overflow-hidden rounded-full">
        <rect width="100%" height="100%" className="fill-line" />
        <rect width={`${usedShare}%`} height="100%" className="fill-text-faint" />
        <rect
          x={`${usedShare}%`}
          width={`${Math.min(100 - usedShare, shareOf(costPico))}%`}
          height="100%"
          className={fits ? "fill-accent" : "fill-bad"}
        />
      </svg>
      {fits ? null : (
        <p className="text-meta text-bad">
          It waits until there is room. <TextLink href={href}>Raise the limit</TextLink>
        </p>
      )}
    </div>
  );
}
