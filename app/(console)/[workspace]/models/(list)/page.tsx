import { Boxes } from "lucide-react";
import { modelTabs } from "#app/(console)/[workspace]/models/tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { ModelCard } from "#components/models/model-card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { contractModels } from "#lib/domain/contract/values/queries.ts";

const models = page({
  can: "models.read",
  title: "Models",
  description: "What can be asked for in this workspace, and what it costs.",
  load: contractModels,
  head: (_data, ctx) => modelTabs(ctx, "base"),
  view: (models, ctx) => (
    <>
      {models.length === 0 ? (
        <EmptyState icon={Boxes} title="No models are served">
          The operator of this platform has not connected an inference server yet.
        </EmptyState>
      ) : null}
      {models.map((model) => (
        <ModelCard
          key={model.id}
          model={model}
          playgroundHref={
            can(ctx.actor, "playground.use")
              ? `/${ctx.workspaceId}/playground?model=${encodeURIComponent(model.id)}`
              : undefined
          }
          impactHref={
            model.ending && can(ctx.actor, "usage.read")
              ? `/${ctx.workspaceId}/models/${encodeURIComponent(model.id)}/impact`
              : undefined
          }
        />
      ))}
    </>
  ),
});

export const { generateMetadata } = models;
export default models.default;
