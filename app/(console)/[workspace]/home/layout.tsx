import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { enter } from "#app/doors/workspace-page.tsx";
import { can } from "#lib/core/access/authorize.ts";

type Props = { children: ReactNode; params: Promise<{ workspace: string }> };

/** A former customer's first place is Help. */
export default async function HomeLayout({ children, params }: Props) {
  const ctx = await enter((await params).workspace);
  if (!can(ctx.actor, "models.read")) redirect(`/${ctx.workspaceId}/help`);
  return children;
}
