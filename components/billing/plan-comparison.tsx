import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { entitlements } from "#lib/domain/organizations/plan/rules.ts";
import { amountWords, freeValues, type RateKind, type RateValues, rateKinds, tierOf } from "#lib/domain/rates/rules.ts";

type Side = "free" | "paid";
type Props = { plan: Side; spentPico: bigint };

const kinds: Record<RateKind, string> = {
  requests_second: "Requests a second",
  tokens_minute: "Tokens a minute",
  tokens_month: "Tokens a month",
};

const people = (plan: Side): string => {
  const { membersMax } = entitlements[plan];
  return membersMax === null ? "As many as you like" : `${membersMax}`;
};
const sharing = (plan: Side): string =>
  entitlements[plan].agentSharing ? "With the workspace, people and groups" : "No: agents are their owner's alone";
const rate = (kind: RateKind, { [kind]: value }: RateValues): string =>
  value === null ? "No limit" : amountWords(kind, value);

/** Both plans beside each other, from the tables that the gate reads too. */
export function PlanComparison({ plan, spentPico }: Props) {
  const paid = tierOf(spentPico).values;
  const rows: { what: string; free: string; paid: string }[] = [
    { what: "Price", free: "Nothing", paid: "By use, at the prices of the model list" },
    ...rateKinds.map((kind) => ({ what: kinds[kind], free: rate(kind, freeValues), paid: rate(kind, paid) })),
    { what: "At a limit", free: "Suspended until it resets", paid: "Refused until it resets; spend limits are yours" },
    { what: "Prompts may train models", free: "Yes, as the Terms say", paid: "Never" },
    { what: "Prompts and answers are kept", free: "30 days", paid: "30 days, or not at all on request" },
    { what: "Sharing agents", free: sharing("free"), paid: sharing("paid") },
    { what: "Members", free: people("free"), paid: people("paid") },
  ];
  const title = (side: Side, name: string) => (side === plan ? `${name} (now)` : name);
  return (
    <Table
      caption="What each plan gives"
      columns={[
        { key: "what", label: "What" },
        { key: "free", label: title("free", "Free") },
        { key: "paid", label: title("paid", "Paid") },
      ]}
    >
      {rows.map((row) => (
        <Row key={row.what}>
          <HeadCell>{row.what}</HeadCell>
          <Cell label={title("free", "Free")} wrap>
            {row.free}
          </Cell>
          <Cell label={title("paid", "Paid")} wrap>
            {row.paid}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** What the free plan takes away, before it is chosen. */
export const DowngradeEffects = ({ day }: { day: string }) => (
  <ul className="list-disc space-y-1.5 pl-5 text-ui">
    <li>Until {day} nothing changes and use is billed. The last invoice follows; what is owed stays owed.</li>
    <li>
      From then on nothing is billed. Limits are {rateKinds.map((kind) => rate(kind, freeValues)).join(", ")}; at a
      limit access is suspended until it resets.
    </li>
    <li>Prompts and answers from then on may be used to train models, as the Terms say.</li>
    <li>Shared agents work for their owner alone; what was shared is remembered.</li>
    <li>
      While there are {entitlements.free.membersMax} people or more, no one else can be invited. No one is removed.
    </li>
  </ul>
);
