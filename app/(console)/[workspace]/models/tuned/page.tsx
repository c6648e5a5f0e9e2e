import { Layers } from "lucide-react";
import { modelTabs } from "#app/(console)/[workspace]/models/tabs.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { TunedList } from "#components/models/tuned-list.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { tunedModelFilter } from "#lib/domain/tuned-models/input.ts";
import { tunedModelPage } from "#lib/domain/tuned-models/listing/queries.ts";

const tuned = page({
  can: "models.read",
  title: "Tuned models",
  description: "Models that were trained on files of this workspace. They are yours alone.",
  load: async (ctx, { search }) => {
    const asked = tunedModelFilter.parse(search);
    return { asked, page: await tunedModelPage(ctx, asked) };
  },
  head: (_data, ctx) => modelTabs(ctx, "tuned"),
  view: ({ asked, page }, ctx) => (
    <TunedList
      models={page.rows}
      range={page}
      asked={asked}
      base={`/${ctx.workspaceId}/models/tuned`}
      me={ctx.actor.id}
      now={ctx.now}
      empty={
        <EmptyState
          icon={Layers}
          title="No tuned models yet"
          action={
            can(ctx.actor, "fine-tuning.write") ? (
              <LinkButton href={`/${ctx.workspaceId}/fine-tuning/new`}>Tune a model</LinkButton>
            ) : undefined
          }
        >
          A tuned model answers as your examples do. Upload a file of conversations, and train a model on it.
        </EmptyState>
      }
    />
  ),
});

export const { generateMetadata } = tuned;
export default tuned.default;
