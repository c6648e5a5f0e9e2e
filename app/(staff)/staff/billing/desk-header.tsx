import type { ReactNode } from "react";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { AccountContext } from "#lib/core/context.ts";
import { deskCounts } from "#lib/domain/billing/desk/queries.ts";

export const deskBase = "/staff/billing";

const parts = {
  receipts: { path: "", label: "Receipts" },
  disputes: { path: "/disputes", label: "Disputes" },
  accounts: { path: "/accounts", label: "Accounts" },
  dunning: { path: "/dunning", label: "Dunning" },
  differences: { path: "/differences", label: "Differences" },
  cycles: { path: "/cycles", label: "Cycles" },
} as const;

type Props = { ctx: AccountContext; part: keyof typeof parts; description: ReactNode };

/** The head of each part of the desk, with a number where something waits. */
export async function DeskHeader({ ctx, part, description }: Props) {
  const { disputes, late, differences, cycles } = await deskCounts(ctx);
  const waiting: Partial<Record<string, number>> = { disputes, dunning: late, differences, cycles };
  return (
    <PageHeader
      title="Billing"
      description={description}
      tabs={
        <div>
          <Segments
            label="Parts of the desk"
            segments={Object.entries(parts).map(([name, { path, label }]) => ({
              href: `${deskBase}${path}`,
              label: waiting[name] ? `${label} (${waiting[name]})` : label,
              current: name === part,
            }))}
          />
        </div>
      }
    />
  );
}
