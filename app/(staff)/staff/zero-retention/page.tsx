import { ShieldCheck } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { DeskRequestList } from "#components/zero-retention/desk-request-list.tsx";
import { ReadinessCards } from "#components/zero-retention/readiness-card.tsx";
import { can } from "#lib/core/access/authorize.ts";
import {
  closedZeroRetention,
  openZeroRetention,
  zeroRetentionInForce,
} from "#lib/domain/zero-retention/desk/queries.ts";
import { readiness } from "#lib/domain/zero-retention/readiness/queries.ts";

export const metadata: Metadata = { title: "Zero retention" };

export default async function ZeroRetentionDesk() {
  const ctx = await deskContext("/staff/zero-retention");
  if (!can(ctx.actor, "zero-retention.decide")) return <NoDesk />;
  const [open, inForce, closed, ready] = await Promise.all([
    openZeroRetention(ctx),
    zeroRetentionInForce(ctx),
    closedZeroRetention(ctx),
    readiness(ctx),
  ]);
  return (
    <Page>
      <PageHeader
        title="Zero retention"
        description="Who asks that nothing is kept, and what came of it (T-4.2.2.2-ZDR2). Every decision has a reason the customer reads."
      />
      {open.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No open requests">
          Requests for zero retention appear here, the oldest first.
        </EmptyState>
      ) : (
        <Card flush title="Open requests">
          <DeskRequestList caption="Open requests" requests={open} now={ctx.now} />
        </Card>
      )}
      {inForce.length > 0 ? (
        <Card flush title="In force">
          <DeskRequestList caption="In force" requests={inForce} now={ctx.now} />
        </Card>
      ) : null}
      <ReadinessCards readiness={ready} now={ctx.now} />
      {closed.length > 0 ? (
        <Card flush title="Closed">
          <DeskRequestList caption="Closed" requests={closed} now={ctx.now} />
        </Card>
      ) : null}
    </Page>
  );
}
