import { Card } from "#components/ui/card.tsx";
import { Figure } from "#components/ui/figure.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { shareWords, workWords } from "#lib/domain/help/figures/rules.ts";
import type { DeskFigures } from "#lib/domain/help/figures/view.ts";

/** How the desk did, and what waits. */
export const Figures = ({ figures }: { figures: DeskFigures }) => {
  const { opened, firstAnswerMs, backlog, resolved, reopened, legal, ratings } = figures;
  return (
    <>
      <Card title="The last 30 days">
        <div className="grid gap-6 sm:grid-cols-3">
          <Figure label="Tickets opened" value={String(opened)} />
          <Figure label="First answer, half of all" value={workWords(firstAnswerMs.p50)}>
            of working time
          </Figure>
          <Figure label="First answer, nine of ten" value={workWords(firstAnswerMs.p90)}>
            of working time
          </Figure>
          <Figure label="Opened again" value={shareWords(reopened, resolved)}>
            {reopened} of {resolved} resolved
          </Figure>
          <Figure label="In time by law" value={shareWords(legal.inTime, legal.due)}>
            {legal.inTime} of {legal.due} with a day the terms set
          </Figure>
          <Figure label="It helped" value={shareWords(ratings.good, ratings.all)}>
            {ratings.good} of {ratings.all} ratings
          </Figure>
        </div>
      </Card>
      <Card flush title="Backlog by age">
        <Table
          caption="Backlog by age"
          columns={[
            { key: "age", label: "Age" },
            { key: "tickets", label: "Tickets", align: "right" },
          ]}
        >
          {backlog.map(({ label, tickets }) => (
            <Row key={label}>
              <HeadCell>{label}</HeadCell>
              <Cell label="Tickets" align="right">
                {tickets}
              </Cell>
            </Row>
          ))}
        </Table>
      </Card>
    </>
  );
};
