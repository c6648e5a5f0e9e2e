import Link from "next/link";
import type { ReactNode } from "react";
import { signOut } from "#app/(console)/actions.ts";
import { deskContext } from "#app/doors/session.ts";
import { AccountMenu } from "#components/shell/account-menu.tsx";
import { Frame } from "#components/shell/frame.tsx";
import { Mark } from "#components/shell/mark.tsx";
import { FootLink, Sidebar } from "#components/shell/sidebar.tsx";
import { SignOut } from "#components/shell/sign-out.tsx";
import { DeskCrumbs } from "#components/staff/desk-crumbs.tsx";
import { DeskPalette } from "#components/staff/desk-palette.tsx";
import { desksFor } from "#components/staff/desks.ts";
import { LookBar } from "#components/staff/look-bar.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { personOf } from "#lib/core/access/person.ts";
import { env } from "#lib/core/env.ts";
import { waitingAtDesks } from "#lib/domain/customers/waiting/queries.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import { endLook } from "./actions.ts";

/** The frame of the provider's own people. */
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const ctx = await deskContext("/staff");
  const { actor } = ctx;
  const maySeeCustomers = can(actor, "looks.decide");
  const [looks, waiting] = await Promise.all([maySeeCustomers ? openLooks(ctx) : [], waitingAtDesks(ctx)]);
  const desks = desksFor(actor.permissions, waiting);
  const { name, email } = personOf(actor);
  return (
    <Frame
      isDemo={env().DEMO === "on"}
      sidebar={
        <Sidebar
          label="Desks"
          head={
            <Link href="/staff" className="flex h-10 shrink-0 items-center gap-2.5 rounded-control px-2 font-semibold">
              <Mark />
              <Badge plain tone="warn">
                Staff
              </Badge>
            </Link>
          }
          groups={desks}
          foot={<FootLink href="/">Console</FootLink>}
          account={
            <AccountMenu name={name} email={email}>
              <SignOut signOut={signOut} />
            </AccountMenu>
          }
        />
      }
      crumbs={<DeskCrumbs desks={desks} />}
      tools={<DeskPalette desks={desksFor(actor.permissions)} maySeeCustomers={maySeeCustomers} />}
    >
      <LookBar looks={looks} now={ctx.now} close={endLook} />
      {children}
    </Frame>
  );
}
