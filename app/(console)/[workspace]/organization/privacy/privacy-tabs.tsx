import { Segments } from "#components/ui/segments.tsx";
import type { Context } from "#lib/core/context.ts";

const parts = {
  retention: ["", "Zero data retention"],
  data: ["/data", "What is kept"],
  receipts: ["/receipts", "Receipts"],
  monitoring: ["/monitoring", "Monitoring"],
  staff: ["/staff-access", "Staff access"],
} as const;

export const privacyBase = ({ workspaceId }: Pick<Context, "workspaceId">): string =>
  `/${workspaceId}/organization/privacy`;

/** The parts of privacy; the address keeps which one is shown. */
export const PrivacyTabs = ({ ctx, current }: { ctx: Context; current: keyof typeof parts }) => (
  <div>
    <Segments
      label="Parts of privacy"
      segments={Object.entries(parts).map(([part, [path, label]]) => ({
        href: `${privacyBase(ctx)}${path}`,
        label,
        current: part === current,
      }))}
    />
  </div>
);
