import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { addDays } from "#lib/core/clock.ts";
import type { RequestDetail } from "#lib/domain/request-log/view.ts";

const keptDays = 30;

type Props = { request: RequestDetail; now: Date };

/** What became of the prompt and the answer, and which clause says so; never what they were. */
export function RequestContent({ request, now }: Props) {
  const { clause, trainingEligible } = request;
  return (
    <DefinitionList
      rows={[
        {
          term: "Kept",
          value: <Kept request={request} now={now} />,
        },
        {
          term: "May train models",
          value: trainingEligible ? "Yes, as the terms of the free plan say" : "No, as the terms of paid plans say",
        },
        {
          term: "Clause",
          value:
            clause === "hold" ? (
              "A legal hold, listed under Organization, Privacy"
            ) : (
              <>
                {clause}, in <TextLink href="/legal/terms">the terms</TextLink>
              </>
            ),
        },
      ]}
    />
  );
}

function Kept({ request: { at, clause, outcome }, now }: Props) {
  if (outcome === "refused") return "Nothing: it was turned away before it was read.";
  if (clause === "T-4.2.2.2-ZDR4") return "Nothing: zero retention was in force.";
  if (clause === "hold") return "Sealed, for as long as a legal hold says.";
  const gone = addDays(at, keptDays);
  return (
    <>
      Sealed, {keptDays} days, to look into abuse. {gone > now ? "Gone on" : "It went on"}{" "}
      <Time at={gone} form="date" now={now} />.
    </>
  );
}
