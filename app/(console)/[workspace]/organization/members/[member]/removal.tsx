import { remove } from "#app/(console)/[workspace]/organization/members/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { RemovalEffect } from "#components/members/removal-effect.tsx";
import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import type { Context } from "#lib/core/context.ts";
import { removalEffect } from "#lib/domain/members/queries.ts";
import type { MemberView } from "#lib/domain/members/view.ts";

const title = "Remove from the organization";

/** Ends a person's membership; one's own is ended on the page of settings. */
export async function Removal({ ctx, member }: { ctx: Context; member: MemberView }) {
  if (member.id === ctx.actor.id) {
    return (
      <Card
        title="Leave the organization"
        description="You can leave on the page of settings."
        footer={<LinkButton href={`/${ctx.workspaceId}/organization/settings#leave`}>Go to settings</LinkButton>}
      />
    );
  }
  const reason = await denial(ctx, "members.write");
  const description = "They are out on their next request. Keys they own are refused in under a second.";
  if (reason) {
    return <Card title={title} description={description} footer={<Denied label="Remove member" reason={reason} />} />;
  }
  const { keys, agents } = await removalEffect(ctx, member.id);
  return (
    <Card
      tone="bad"
      title={title}
      description={description}
      footer={
        <ConfirmDialog
          trigger="Remove member"
          triggerLook={{ tone: "bad" }}
          title={`Remove ${member.name}`}
          confirm="Remove member"
          action={remove}
        >
          <input type="hidden" name="user" value={member.id} />
          <RemovalEffect who={member.name} keys={keys} agents={agents} />
        </ConfirmDialog>
      }
    />
  );
}
