import { modelOf } from "#app/(console)/[workspace]/models/[model]/model-of.ts";
import { open } from "#app/(console)/[workspace]/playground/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ModelTrial } from "#components/models/model-trial.tsx";
import { TrialTable } from "#components/models/trial-table.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { AppError } from "#lib/core/errors.ts";
import { trialPage } from "#lib/domain/lifecycle/trials/queries.ts";
import { keep } from "./actions.ts";

/** T-4.2.1-DISC4: a model that ends and its replacement on own prompts, before anything is switched. */
const trial = page({
  can: "models.trial",
  title: "Try the replacement",
  width: "table",
  description: "Ask both models the same, compare, and say which answer is better. Requests are billed like any other.",
  load: async (ctx, { params }) => {
    const found = await trialPage(ctx, modelOf(params.model));
    if (!found) throw new AppError("not_found", "The end of this model is not announced, or it has ended.");
    return found;
  },
  name: ({ modelId }) => modelId,
  head: ({ modelId }, ctx) => ({
    action: (
      <LinkButton href={`/${ctx.workspaceId}/models/${encodeURIComponent(modelId)}/impact`}>
        What it concerns
      </LinkButton>
    ),
  }),
  view: ({ modelId, current, replacement, trials }) => (
    <>
      {current?.price && replacement?.price ? (
        <ModelTrial
          current={{ id: current.id, name: current.name, price: current.price }}
          replacement={{ id: replacement.id, name: replacement.name, price: replacement.price }}
          open={open}
          keep={keep}
        />
      ) : (
        <Notice tone="warn" title="One of the two cannot be asked here">
          {replacement ? `${modelId} has no price or no server` : "Its replacement is not open to this workspace yet"}.
          Ask support if you need the trial now.
        </Notice>
      )}
      {trials.length > 0 ? <TrialTable trials={trials} /> : null}
    </>
  ),
});

export const { generateMetadata } = trial;
export default trial.default;
