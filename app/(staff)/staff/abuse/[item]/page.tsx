import type { Metadata } from "next";
import { cache } from "react";
import { decide, gag, open } from "#app/(staff)/staff/abuse/actions.ts";
import { look } from "#app/(staff)/staff/actions.ts";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { found } from "#app/doors/found.ts";
import { deskContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { DecideItem, GagItem } from "#components/abuse/decide-item.tsx";
import { ItemFacts, OpeningTable, SignTable } from "#components/abuse/item-facts.tsx";
import { ItemBadge } from "#components/abuse/item-list.tsx";
import { OpenItem } from "#components/abuse/open-item.tsx";
import { Crumb } from "#components/shell/crumb.tsx";
import { LookGate } from "#components/staff/look-gate.tsx";
import { Card } from "#components/ui/card.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskItem } from "#lib/domain/abuse/desk/queries.ts";
import type { DeskItem } from "#lib/domain/abuse/desk/view.ts";

const back = <TextLink href="/staff/abuse">Back to items</TextLink>;

/** What the browser needs of an item to open it, and no more. */
const readOf = ({ organizationId, id, category, isOpenTo, requestIds }: DeskItem) => ({
  organizationId,
  id,
  category,
  isOpenTo,
  requestIds,
});

type Props = { params: Promise<{ item: string }> };

/** Read once for the tab and the page. */
const seen = cache(async (name: string) => {
  const ctx = await deskContext(`/staff/abuse/${name}`);
  if (!can(ctx.actor, "abuse.read")) return { ctx };
  return { ctx, item: await found(deskItem(ctx, asId("abuseItem", name))) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { item } = await seen((await params).item);
  return { title: item ? `${item.organizationName} · Abuse` : "Abuse" };
}

export default async function AbuseItemPage({ params }: Props) {
  const { ctx, item } = await seen((await params).item);
  if (!item) return <NoDesk />;
  const { organizationId: id, organizationName: name } = item;
  const badge = <ItemBadge state={item.state} />;
  if (item.isHidden)
    return (
      <Page width="form">
        <PageHeader title="Sign of abuse" action={back} badge={badge} />
        <LookGate customer={{ id, name }} what="Flags of a customer are seen with a reason." open={look} />
      </Page>
    );
  const canDecide = can(ctx.actor, "abuse.decide");
  const isOpen = item.state === "open";
  return (
    <Page>
      <Crumb name={name} />
      <PageHeader
        title={name}
        description="What points at a breach of the terms. Decide by what you read, not by the flag."
        badge={badge}
        action={
          <>
            {back}
            {canDecide && item.requestIds.length > 0 ? <OpenItem item={readOf(item)} open={open} /> : null}
          </>
        }
      />
      <Card title="Item">
        <ItemFacts item={item} now={ctx.now} />
      </Card>
      {isOpen && canDecide ? (
        <Card title="Decision" description="It is final for this item; new flags make a new one.">
          <DecideItem item={item} decide={decide} />
        </Card>
      ) : null}
      {isOpen && can(ctx.actor, "abuse.gag") ? (
        <Card title="Order of a court or an authority">
          <GagItem item={item} gag={gag} />
        </Card>
      ) : null}
      {item.signs.length > 0 ? <SignTable item={item} now={ctx.now} /> : null}
      {item.openings.length > 0 ? <OpeningTable item={item} now={ctx.now} /> : null}
    </Page>
  );
}
