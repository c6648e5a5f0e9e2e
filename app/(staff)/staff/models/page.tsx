import { Boxes } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { EndRow, endColumns } from "#components/models/end-row.tsx";
import { MoveTable } from "#components/models/move-table.tsx";
import { ProposalCard } from "#components/models/proposal-card.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormSelect, FormText, FormTextarea } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Table } from "#components/ui/table.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { dayOf } from "#lib/core/clock.ts";
import { aliasDesk } from "#lib/domain/lifecycle/aliases/queries.ts";
import { modelDesk } from "#lib/domain/lifecycle/queries.ts";
import { earliestEnd } from "#lib/domain/lifecycle/rules.ts";
import type { EndProgress, ModelDesk } from "#lib/domain/lifecycle/view.ts";
import { announce, move, postpone, propose, withdraw } from "./actions.ts";

export const metadata: Metadata = { title: "Models" };

/** The life of every model: what was announced, until when it has to be served, and for which customer. */
export default async function ModelsDesk() {
  const ctx = await deskContext("/staff/models");
  if (!can(ctx.actor, "models.decide")) return <NoDesk />;
  const [desk, names] = await Promise.all([modelDesk(ctx), aliasDesk(ctx)]);
  return (
    <Page width="table">
      <PageHeader
        title="Models"
        description="Customers have six months of notice before a model ends (T-4.2.1-DISC1). Two people announce it."
        action={<EndForm desk={desk} now={ctx.now} />}
      />
      <Unserved desk={desk} />
      {desk.proposed.map((proposal) => (
        <ProposalCard
          key={proposal.id}
          proposal={proposal}
          isOwn={proposal.by === ctx.actor.id}
          announce={announce}
          withdraw={withdraw}
        />
      ))}
      {desk.announced.length === 0 ? (
        <EmptyState icon={Boxes} title="No end of a model is announced">
          Every model is offered to everyone.
        </EmptyState>
      ) : (
        <Table caption="Announced ends" columns={endColumns}>
          {desk.announced.map((end) => (
            <EndRow key={end.id} end={end}>
              {end.retiredAt ? null : <Postpone end={end} />}
            </EndRow>
          ))}
        </Table>
      )}
      {names.aliases.size > 0 ? <Names {...names} models={desk.models} /> : null}
    </Page>
  );
}

function EndForm({ desk: { models }, now }: { desk: ModelDesk; now: Date }) {
  const options = (served: boolean) =>
    models.filter(({ available }) => available || !served).map(({ id }) => ({ value: id, label: id }));
  return (
    <FormDialog
      creates
      trigger="Announce an end"
      title="Announce the end of a model"
      submit="Write down"
      action={propose}
    >
      <FormSelect label="Model" name="model" options={options(false)} />
      <FormSelect label="Replacement" name="replacement" options={options(true)} />
      <FormText
        label="Ends on"
        name="retiresAt"
        help={`A day or an instant (UTC), six months after the announcement: after ${dayOf(earliestEnd(now))}.`}
      />
      <FormTextarea label="Why" name="reason" help="Customers read it in the letter." />
    </FormDialog>
  );
}

const Postpone = ({ end: { id, modelId } }: { end: EndProgress }) => (
  <FormDialog
    trigger="Postpone"
    title={`Postpone the end of ${modelId}`}
    submit="Postpone"
    hidden={{ id }}
    action={postpone}
  >
    <FormText label="Ends on" name="retiresAt" help="A day or an instant (UTC), later than the one announced." />
  </FormDialog>
);

type NamesProps = Awaited<ReturnType<typeof aliasDesk>> & Pick<ModelDesk, "models">;

/** T-4.2.1-DISC4: the other names of models, and where they go on to. */
const Names = ({ aliases, moves, models }: NamesProps) => (
  <Card
    title="Other names"
    description="Customers are told 14 days before a name goes on to another model, 30 where a price rises."
    aside={
      <FormDialog trigger="Move a name" title="Move a name to another model" submit="Announce" action={move}>
        <FormSelect
          label="Name"
          name="alias"
          options={[...aliases].map(([alias, model]) => ({ value: alias, label: `${alias} (${model})` }))}
        />
        <FormSelect
          label="To"
          name="to"
          options={models.filter(({ available }) => available).map(({ id }) => ({ value: id, label: id }))}
        />
        <FormText label="From" name="from" help="A day or an instant (UTC)." />
      </FormDialog>
    }
  >
    <MoveTable aliases={aliases} moves={moves} />
  </Card>
);

/** T-4.2.1-DISC1: a model without a server is an outage until its end. */
function Unserved({ desk: { models, announced } }: { desk: ModelDesk }) {
  const retired = new Set(announced.filter(({ retiredAt }) => retiredAt).map(({ modelId }) => modelId));
  const away = models.filter(({ id, available }) => !available && !retired.has(id));
  if (away.length === 0) return null;
  return (
    <Notice tone="bad">
      No server has {away.map(({ id }) => id).join(", ")}. Customers have not been told of an end, or it has not come
      for all of them: requests are answered with 503. Bring it back to UPSTREAMS.
    </Notice>
  );
}
