"use client";

import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormHidden } from "#components/ui/form-fields.tsx";
import { FormMessage } from "#components/ui/form-message.tsx";
import { SubmitButton } from "#components/ui/submit-button.tsx";
import { useAction } from "#components/ui/use-action.ts";
import type { Action } from "#lib/core/action-result.ts";
import { formatSum } from "#lib/core/money.ts";

type Estimate = { lines: number; wrong: number; unknownModel: number; mostPico: bigint; isScaled: boolean };

type Props = {
  estimate: Estimate;
  /** What was chosen, as the form sends it. */
  values: Readonly<Record<string, string>>;
  create: Action<void>;
};

const lineWords = (count: number): string => `${count.toLocaleString("en-IE")} ${count === 1 ? "line" : "lines"}`;

/** What a batch would be and cost at most, before it begins. */
export function EstimateCard({ estimate, values, create }: Props) {
  const [result, submit, pending] = useAction(create);
  const { lines, wrong, unknownModel, mostPico, isScaled } = estimate;
  return (
    <form action={submit}>
      <FormHidden values={values} />
      <Card
        title="Estimate"
        hint="The most each request can take: its bytes, and max_tokens or what the model can write. Most cost far less."
        footer={<SubmitButton pending={pending}>Begin</SubmitButton>}
      >
        <div className="flex flex-col gap-4">
          <FormMessage result={result} />
          <DefinitionList
            rows={[
              { term: "Requests", value: lines.toLocaleString("en-IE") },
              {
                term: "Costs at most",
                value: (
                  <span>
                    <span className="font-semibold">
                      {isScaled ? "about " : ""}
                      {formatSum(mostPico)}
                    </span>
                    , at half price
                  </span>
                ),
              },
              ...(wrong > 0
                ? [{ term: "Wrong", value: `${lineWords(wrong)}: no request of this endpoint, so each gets an error` }]
                : []),
              ...(unknownModel > 0
                ? [{ term: "Not counted", value: `${lineWords(unknownModel)}: no model, or one that is not there` }]
                : []),
            ]}
          />
        </div>
      </Card>
    </form>
  );
}
