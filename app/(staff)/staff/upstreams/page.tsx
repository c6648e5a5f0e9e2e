import { Server } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { UpstreamTable } from "#components/staff/upstream-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { upstreamsSeen } from "#lib/domain/models/upstreams/queries.ts";

export const metadata: Metadata = { title: "Upstreams" };

export default async function UpstreamsDesk() {
  const ctx = await deskContext("/staff/upstreams");
  if (!can(ctx.actor, "upstreams.read")) return <NoDesk />;
  const rows = await upstreamsSeen(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Upstreams"
        description="How each process finds the inference servers behind the models. One that fails five times in a row is left alone for up to a minute."
      />
      {rows.length === 0 ? (
        <EmptyState icon={Server} title="No upstreams">
          The inference servers that UPSTREAMS names appear here while a process serves them.
        </EmptyState>
      ) : (
        <UpstreamTable rows={rows} now={ctx.now} />
      )}
    </Page>
  );
}
