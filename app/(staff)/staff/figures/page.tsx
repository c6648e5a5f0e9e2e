import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { Figures } from "#components/help-desk/figures.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskFigures } from "#lib/domain/help/figures/queries.ts";

export const metadata: Metadata = { title: "Figures" };

export default async function FiguresPage() {
  const ctx = await deskContext("/staff/figures");
  if (!can(ctx.actor, "desk.read")) return <NoDesk />;
  return (
    <Page>
      <PageHeader title="Figures" description="How fast tickets are answered, what waits, and whether it helped." />
      <Figures figures={await deskFigures(ctx)} />
    </Page>
  );
}
