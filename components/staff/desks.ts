import type { SidebarLink } from "#components/shell/sidebar.tsx";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Waiting } from "#lib/domain/customers/waiting/view.ts";

type Desk = SidebarLink & { permission: Permission };

const groups: readonly { label: string; desks: readonly Desk[] }[] = [
  {
    label: "",
    desks: [
      { href: "/staff", label: "Queue", permission: "desk.read", isExact: true },
      { href: "/staff/deadlines", label: "Deadlines", permission: "deadlines.read" },
      { href: "/staff/customers", label: "Customers", permission: "looks.decide" },
    ],
  },
  {
    label: "Requests",
    desks: [
      { href: "/staff/rates", label: "Rate limits", permission: "rates.decide" },
      { href: "/staff/agents", label: "Reports of agents", permission: "agents.decide" },
      { href: "/staff/zero-retention", label: "Zero retention", permission: "zero-retention.decide" },
      { href: "/staff/assistance", label: "Assistance", permission: "assistance.decide" },
      { href: "/staff/transfers", label: "Transfers", permission: "transfers.decide" },
      { href: "/staff/deletions", label: "Deletions", permission: "deletions.decide" },
      { href: "/staff/holds", label: "Legal holds", permission: "holds.decide" },
      { href: "/staff/abuse", label: "Abuse", permission: "abuse.read" },
      { href: "/staff/reports", label: "Reports of abuse", permission: "abuse.read" },
      { href: "/staff/suspensions", label: "Suspensions", permission: "suspensions.decide" },
      { href: "/staff/contracts", label: "Ends of contracts", permission: "contract.decide" },
    ],
  },
  {
    label: "Money",
    desks: [
      { href: "/staff/billing", label: "Billing", permission: "billing.decide" },
      { href: "/staff/orders", label: "Orders", permission: "orders.decide" },
      { href: "/staff/prices", label: "Prices", permission: "prices.decide" },
      { href: "/staff/thresholds", label: "Thresholds", permission: "thresholds.decide" },
      { href: "/staff/terms", label: "Terms", permission: "terms.decide" },
    ],
  },
  {
    label: "House",
    desks: [
      { href: "/staff/mail", label: "Received mail", permission: "tickets.decide" },
      { href: "/staff/notices", label: "Outbox", permission: "letters.read" },
      { href: "/staff/status", label: "Status page", permission: "status.decide" },
      { href: "/staff/models", label: "Models", permission: "models.decide" },
      { href: "/staff/upstreams", label: "Upstreams", permission: "upstreams.read" },
      { href: "/staff/jobs", label: "Jobs", permission: "jobs.decide" },
      { href: "/staff/macros", label: "Macros", permission: "tickets.decide" },
      { href: "/staff/figures", label: "Figures", permission: "desk.read" },
    ],
  },
];

export type Desks = { label: string; links: SidebarLink[] }[];

/** The desks that these permissions open, with how much waits at each. */
export const desksFor = (permissions: ReadonlySet<Permission>, waiting: readonly Waiting[] = []): Desks =>
  groups
    .map(({ label, desks }) => ({
      label,
      links: desks
        .filter(({ permission }) => permissions.has(permission))
        .map(({ permission: _, ...link }) => ({ ...link, count: countAt(link.href, waiting) })),
    }))
    .filter(({ links }) => links.length > 0);

/** What waits at a desk and at parts of it. */
function countAt(href: string, waiting: readonly Waiting[]): number {
  const here = waiting.filter(
    (one) =>
      one.href === href ||
      (href !== "/staff" && /^[/?]/.test(one.href.slice(href.length)) && one.href.startsWith(href)),
  );
  return here.reduce((sum, { count }) => sum + count, 0);
}
