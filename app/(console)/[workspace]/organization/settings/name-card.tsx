import { denial } from "#app/doors/refused.tsx";
import { RenameForm } from "#components/organization/rename-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import type { OrganizationView } from "#lib/domain/organizations/queries.ts";
import { rename } from "./actions.ts";

const plans = { free: "Free", paid: "Paid", order: "By purchase order" } as const;

/** What the organization is called, and what else is fixed about it. */
export async function NameCard({ ctx, organization }: { ctx: Context; organization: OrganizationView }) {
  const { id, name, createdAt } = organization;
  const plan = await currentPlan(ctx);
  const facts = (
    <DefinitionList
      rows={[
        ...(can(ctx.actor, "organization.write") ? [] : [{ term: "Name", value: name }]),
        { term: "Id", value: <Copyable text={id} noun="organization id" /> },
        { term: "Plan", value: plans[plan] },
        { term: "Since", value: <Time at={createdAt} form="date" /> },
      ]}
    />
  );
  const reason = await denial(ctx, "organization.write");
  if (reason) {
    return (
      <Card title="Organization" footer={<Denied label="Rename" reason={reason} />}>
        {facts}
      </Card>
    );
  }
  return (
    <RenameForm
      title="Organization"
      description="The name stands in the switcher, in letters and on invoices to come."
      label="Name"
      name={name}
      save={rename}
    >
      {facts}
    </RenameForm>
  );
}
