import { Boxes } from "lucide-react";
import { chatModels } from "#app/(console)/[workspace]/first-call.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { page } from "#app/doors/workspace-page.tsx";
import type { PlaygroundModel } from "#components/playground/conversation.ts";
import { Playground } from "#components/playground/playground.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { ZeroRetentionMark } from "#components/zero-retention/zero-retention-mark.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Model } from "#lib/domain/models/view.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";
import { zeroRetentionStanding } from "#lib/domain/zero-retention/queries.ts";
import { open } from "./actions.ts";

const playground = page({
  can: "playground.use",
  title: "Playground",
  description: "Try models and see what an answer takes before you write a line.",
  width: "table",
  load: async (ctx) => {
    const [models, retention] = await Promise.all([modelsToAsk(ctx), zeroRetentionStanding(ctx)]);
    return { models: chatModels(models).flatMap(shown), baseUrl: await baseUrl(), retention };
  },
  head: ({ retention }) => ({ badge: <ZeroRetentionMark {...retention} /> }),
  view: ({ models, baseUrl }, ctx, { search }) => {
    const model = models.find(({ id }) => id === search.model) ?? models[0];
    if (!model) {
      return (
        <EmptyState icon={Boxes} title="No model can answer">
          Whoever runs this platform has not connected an inference server, or its models have no price yet.
        </EmptyState>
      );
    }
    return (
      <Playground
        models={models}
        model={model.id}
        baseUrl={baseUrl}
        logsHref={can(ctx.actor, "requests.read") ? `/${ctx.workspaceId}/logs` : undefined}
        open={open}
      />
    );
  },
});

export const { generateMetadata } = playground;
export default playground.default;

const shown = ({ id, name, upstream, maxContextLength, price }: Model): PlaygroundModel[] =>
  price ? [{ id, name, upstream, maxContextLength, price }] : [];
