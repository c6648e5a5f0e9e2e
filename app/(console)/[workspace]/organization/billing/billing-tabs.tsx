import { Segments } from "#components/ui/segments.tsx";
import type { Context } from "#lib/core/context.ts";

const parts = {
  overview: ["", "Overview"],
  invoices: ["/invoices", "Invoices"],
  methods: ["/methods", "Payment methods"],
  credits: ["/credits", "Credits"],
  disputes: ["/disputes", "Disputes"],
  profile: ["/profile", "Profile"],
  plan: ["/plan", "Plan"],
  prices: ["/prices", "Price list"],
  orders: ["/orders", "Orders"],
} as const;

export const billingBase = ({ workspaceId }: Pick<Context, "workspaceId">): string =>
  `/${workspaceId}/organization/billing`;

/** The parts of billing; the address keeps which one is shown. */
export const BillingTabs = ({ ctx, current }: { ctx: Context; current: keyof typeof parts }) => (
  <div>
    <Segments
      label="Parts of billing"
      segments={Object.entries(parts).map(([part, [path, label]]) => ({
        href: `${billingBase(ctx)}${path}`,
        label,
        current: part === current,
      }))}
    />
  </div>
);
