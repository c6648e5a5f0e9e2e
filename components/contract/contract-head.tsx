import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Time } from "#components/ui/time.tsx";
import type { ContractHead as Head } from "#lib/domain/register/timeline/view.ts";
import type { ClauseRow } from "#lib/domain/register/view.ts";

type Props = { head: Head; coming: readonly ClauseRow[]; base: string };

function Term({ head: { endsAt, endedAt } }: { head: Head }) {
  if (endedAt)
    return (
      <>
        Ended <Time at={endedAt} form="instant" />
      </>
    );
  return endsAt ? <Time at={endsAt} form="instant" /> : "No end is set";
}

/** The agreement in a few facts, with the dates that come next. */
export function ContractHead({ head, coming, base }: Props) {
  const { number, startsAt, plan, customerType } = head;
  const title = number === null ? "No agreement has begun" : `Agreement no. ${number}`;
  return (
    <Card
      title={title}
      footer={
        <span className="flex flex-wrap gap-2 print:hidden">
          <LinkButton href={`${base}/organization/contract/changes`}>Changed terms</LinkButton>
          <LinkButton href={`${base}/organization/contract/ending`}>End of the agreement</LinkButton>
        </span>
      }
    >
      <DefinitionList
        rows={[
          {
            term: "Since",
            value: startsAt ? <Time at={startsAt} form="instant" /> : "The first use, or an admin’s agreement",
          },
          { term: "Ends", value: <Term head={head} /> },
          { term: "Plan", value: plan },
          { term: "Customer", value: customerType === "business" ? "Business" : "Consumer" },
          {
            term: "Next dates",
            value:
              coming.length === 0 ? (
                "None"
              ) : (
                <ul>
                  {coming.map(({ id, next }) =>
                    next ? (
                      <li key={id}>
                        <Time at={next.at} form="date" />: {next.words} ({id})
                      </li>
                    ) : null,
                  )}
                </ul>
              ),
          },
        ]}
      />
    </Card>
  );
}
