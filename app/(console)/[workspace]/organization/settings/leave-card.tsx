import { RemovalEffect } from "#components/members/removal-effect.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { personOf } from "#lib/core/access/person.ts";
import type { Context } from "#lib/core/context.ts";
import { removalEffect } from "#lib/domain/members/queries.ts";
import type { OrganizationView } from "#lib/domain/organizations/queries.ts";
import { leave } from "./actions.ts";

const lastAdmin = "You are the only organization admin. Make somebody else one first, on their page under Members.";

/** The way out, for everyone but the last who runs the organization. */
export async function LeaveCard({ ctx, organization: { name } }: { ctx: Context; organization: OrganizationView }) {
  const { keys, agents, isLastAdmin } = await removalEffect(ctx, personOf(ctx.actor).id);
  return (
    <Card
      id="leave"
      tone={isLastAdmin ? "normal" : "bad"}
      title="Leave the organization"
      description={`You lose access to ${name} at once. Your account stays.`}
      footer={
        isLastAdmin ? (
          <Denied label="Leave organization" reason={lastAdmin} />
        ) : (
          <ConfirmDialog
            trigger="Leave organization"
            triggerLook={{ tone: "bad" }}
            title={`Leave ${name}`}
            confirm="Leave organization"
            action={leave}
          >
            <RemovalEffect who={null} keys={keys} agents={agents} />
          </ConfirmDialog>
        )
      }
    />
  );
}
