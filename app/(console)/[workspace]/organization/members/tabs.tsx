import { Segments } from "#components/ui/segments.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";

/** Who belongs to the organization, and who was asked to. Those who cannot invite see the first only. */
export function MemberTabs({ ctx, current }: { ctx: Context; current: "members" | "invitations" }) {
  if (!can(ctx.actor, "members.invite")) return null;
  const members = `/${ctx.workspaceId}/organization/members`;
  return (
    <div>
      <Segments
        label="Members and invitations"
        segments={[
          { href: members, label: "Members", current: current === "members" },
          { href: `${members}/invitations`, label: "Invitations", current: current === "invitations" },
        ]}
      />
    </div>
  );
}
