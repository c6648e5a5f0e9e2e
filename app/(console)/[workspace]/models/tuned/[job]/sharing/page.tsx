import { preview, share } from "#app/(console)/[workspace]/models/tuned/[job]/actions.ts";
import { loadTunedModel } from "#app/(console)/[workspace]/models/tuned/[job]/load-model.ts";
import { tunedTop } from "#app/(console)/[workspace]/models/tuned/[job]/top.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { SharingForm } from "#components/sharing/sharing-form.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import type { Context } from "#lib/core/context.ts";
import { sentGrants } from "#lib/domain/sharing/view.ts";
import { tunedSharingOf } from "#lib/domain/tuned-models/queries.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";

/** Who may do what with a tuned model. */
const sharing = page({
  can: "models.read",
  title: "Sharing of a tuned model",
  load: loadTunedModel,
  name: titleOf,
  head: tunedTop("sharing"),
  view: (model, ctx) =>
    model.rights.has("manage") ? <Managed ctx={ctx} model={model} /> : <ForReaders model={model} />,
});

export const { generateMetadata } = sharing;
export default sharing.default;

const ForReaders = ({ model }: { model: TunedModelView }) => (
  <Card
    title={model.visibility === "workspace" ? "Shared with everyone in this workspace" : "Shared with you"}
    description={`${model.ownerName} owns this model. The owner, those who manage it and the workspace’s admins say who else may use it; ask one of them.`}
  />
);

async function Managed({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  const view = await tunedSharingOf(ctx, model.id);
  if (!view.hasSharing) {
    return (
      <Notice tone="warn" title={`The ${view.plan} plan does not include sharing`}>
        This model is {model.ownerName}’s alone. With an upgrade it can be shared.{" "}
        <TextLink href={`/${ctx.workspaceId}/limits`}>See the plan and upgrade</TextLink>
      </Notice>
    );
  }
  const subjects = [...view.people.filter(({ id }) => id !== model.ownerId), ...view.groups, ...view.keys];
  return (
    <SharingForm
      key={`${model.visibility} ${sentGrants(view.grants)}`}
      thing={{ field: "model", id: model.id, name: titleOf(model) }}
      placeName={view.placeName}
      visibility={model.visibility}
      grants={view.grants}
      subjects={subjects}
      owner={
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {model.ownerId === ctx.actor.id ? `${model.ownerName} (you)` : model.ownerName}
          <Badge plain>Owner</Badge>
        </span>
      }
      preview={preview}
      save={share}
    />
  );
}
