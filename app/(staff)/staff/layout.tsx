import Link from "next/link";
import type { ReactNode } from "react";
import { signOut } from "#app/(console)/actions.ts";
import { deskContext } from "#app/doors/session.ts";
import { Mark } from "#components/shell/mark.tsx";
import { LookBar } from "#components/staff/look-bar.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { openLooks } from "#lib/domain/staff/access/queries.ts";
import { endLook } from "./actions.ts";

/** The frame of the provider's own people. */
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const ctx = await deskContext("/staff");
  const { actor } = ctx;
  const looks = can(actor, "looks.decide") ? await openLooks(ctx) : [];
  return (
    <div className="min-h-dvh bg-canvas">
      <header className="border-b border-line bg-sunken">
        <div className="mx-auto flex max-w-table flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 text-ui sm:px-6">
          <Link href="/staff" className="flex items-center gap-2.5 rounded-control font-semibold">
            <Mark />
            <Badge plain tone="warn">
              Staff
            </Badge>
          </Link>
          <nav aria-label="Desks" className="flex grow flex-wrap gap-x-5 gap-y-1">
            {can(actor, "desk.read") ? (
              <TextLink look="quiet" href="/staff">
                Queue
              </TextLink>
            ) : null}
            {can(actor, "tickets.decide") ? (
              <TextLink look="quiet" href="/staff/macros">
                Macros
              </TextLink>
            ) : null}
            {can(actor, "desk.read") ? (
              <TextLink look="quiet" href="/staff/figures">
                Figures
              </TextLink>
            ) : null}
            {can(actor, "letters.read") ? (
              <TextLink look="quiet" href="/staff/notices">
                Outbox
              </TextLink>
            ) : null}
            {can(actor, "rates.decide") ? (
              <TextLink look="quiet" href="/staff/rates">
                Rate limits
              </TextLink>
            ) : null}
            {can(actor, "orders.decide") ? (
              <TextLink look="quiet" href="/staff/orders">
                Orders
              </TextLink>
            ) : null}
            {can(actor, "prices.decide") ? (
              <TextLink look="quiet" href="/staff/prices">
                Prices
              </TextLink>
            ) : null}
            {can(actor, "thresholds.decide") ? (
              <TextLink look="quiet" href="/staff/thresholds">
                Thresholds
              </TextLink>
            ) : null}
            {can(actor, "billing.decide") ? (
              <TextLink look="quiet" href="/staff/billing">
                Billing
              </TextLink>
            ) : null}
            {can(actor, "agents.decide") ? (
              <TextLink look="quiet" href="/staff/agents">
                Reports of agents
              </TextLink>
            ) : null}
            {can(actor, "suspensions.decide") ? (
              <TextLink look="quiet" href="/staff/suspensions">
                Suspensions
              </TextLink>
            ) : null}
            {can(actor, "upstreams.read") ? (
              <TextLink look="quiet" href="/staff/upstreams">
                Upstreams
              </TextLink>
            ) : null}
          </nav>
          <span className="text-text-soft">{actor.name}</span>
          <TextLink look="quiet" href="/account">
            Account
          </TextLink>
          <ButtonForm button="Sign out" act={signOut} />
        </div>
      </header>
      <main>
        <LookBar looks={looks} now={ctx.now} close={endLook} />
        {children}
      </main>
    </div>
  );
}
