import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { ConnectionAttemptView } from "#lib/domain/connections/view.ts";
import { attemptWords, outcomeWords } from "./connection-states.ts";

const columns = [
  { key: "at", label: "Time" },
  { key: "what", label: "What" },
  { key: "outcome", label: "Outcome" },
  { key: "status", label: "Answer" },
  { key: "ms", label: "Took", align: "right" },
  { key: "act", label: "Send again", quiet: true },
] as const;

type Props = {
  attempts: readonly ConnectionAttemptView[];
  /** Absent where the reader may not send again, or nothing is sent there now. */
  replay: Action<void> | undefined;
};

/** The last attempts of a connection, the newest first. */
export function ConnectionAttempts({ attempts, replay }: Props) {
  return (
    <Table caption="Attempts" columns={columns}>
      {attempts.map(({ id, kind, about, deliveryId, at, ms, status, outcome, error }) => (
        <Row key={id}>
          <HeadCell>
            <Time at={at} form="instant" />
          </HeadCell>
          <Cell label="What" wrap>
            {attemptWords[kind]}
            {kind === "event" || kind === "report" || kind === "export" ? `: ${about}` : ""}
          </Cell>
          <Cell label="Outcome">
            <Badge tone={outcomeWords[outcome].tone}>{outcomeWords[outcome].word}</Badge>
          </Cell>
          <Cell label="Answer" wrap>
            {error ?? status ?? "None"}
          </Cell>
          <Cell label="Took" align="right">
            {ms} ms
          </Cell>
          <Cell label="Send again">
            {replay && deliveryId ? (
              <ButtonForm button="Send again" values={{ delivery: deliveryId }} act={replay} />
            ) : null}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
