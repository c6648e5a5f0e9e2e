import type { ReactNode } from "react";
import { Refused } from "#app/doors/refused.tsx";
import { enter } from "#app/doors/workspace-page.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";

type Props = { children: ReactNode; params: Promise<{ workspace: string }> };

/** Pages of the organization, as seen from one of its workspaces. */
export default async function OrganizationLayout({ children, params }: Props) {
  const ctx = await enter((await params).workspace);
  if (can(ctx.actor, "organization.read")) return children;
  return (
    <Page>
      <PageHeader title="Organization" />
      <Refused ctx={ctx} permission="organization.read" />
    </Page>
  );
}
