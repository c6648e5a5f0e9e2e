import { Eye } from "lucide-react";
import type { Metadata } from "next";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { deskContext } from "#app/doors/session.ts";
import { BeginItem } from "#components/abuse/begin-item.tsx";
import { ItemList } from "#components/abuse/item-list.tsx";
import { OpenCustomer } from "#components/staff/open-customer.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { itemFilter } from "#lib/domain/abuse/desk/input.ts";
import { deskItems } from "#lib/domain/abuse/desk/queries.ts";
import { customerChoices, openLooks } from "#lib/domain/staff/access/queries.ts";
import { begin } from "./actions.ts";

export const metadata: Metadata = { title: "Abuse" };

export default async function AbuseDesk({ searchParams }: { searchParams: SearchParams }) {
  const ctx = await deskContext("/staff/abuse");
  if (!can(ctx.actor, "abuse.read")) return <NoDesk />;
  const asked = itemFilter.parse(await firstOf(searchParams));
  const { rows, ...range } = await deskItems(ctx, asked);
  return (
    <Page width="table">
      <PageHeader
        title="Abuse"
        description="Signs that a customer breaks the terms (T-4.2.2-ABUSE). An item has no text; its requests are opened with a reason that the customer reads. It ends after 30 days."
        action={
          <>
            <LinkButton href="/staff/abuse/rules">Rules</LinkButton>
            {can(ctx.actor, "abuse.decide") ? <NewItem ctx={ctx} /> : null}
          </>
        }
      />
      <ItemList
        items={rows}
        range={range}
        asked={asked}
        now={ctx.now}
        empty={
          <EmptyState icon={Eye} title="Nothing to look into">
            What rules, models, figures and people point at appears here.
          </EmptyState>
        }
      />
    </Page>
  );
}

async function NewItem({ ctx }: { ctx: AccountContext }) {
  const looks = await openLooks(ctx);
  if (looks.length === 0) return <OpenCustomer customers={await customerChoices(ctx, {})} open={look} />;
  const customers = looks.map(({ organizationId: id, organizationName: name }) => ({ id, name }));
  return <BeginItem customers={customers} begin={begin} />;
}
