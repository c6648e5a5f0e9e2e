import { keep, review } from "#app/(console)/[workspace]/models/tuned/[job]/actions.ts";
import { loadTunedModel } from "#app/(console)/[workspace]/models/tuned/[job]/load-model.ts";
import { tunedTop } from "#app/(console)/[workspace]/models/tuned/[job]/top.tsx";
import { open } from "#app/(console)/[workspace]/playground/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { AskBoth } from "#components/fine-tuning/ask-both.tsx";
import { AskHeldOut } from "#components/fine-tuning/ask-held-out.tsx";
import { ReviewAnswers } from "#components/fine-tuning/review-answers.tsx";
import { ReviewFigures } from "#components/fine-tuning/review-figures.tsx";
import { ReviewLive } from "#components/fine-tuning/review-live.tsx";
import { Verdict } from "#components/fine-tuning/verdict.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { formatSum } from "#lib/core/money.ts";
import { mostOf } from "#lib/domain/fine-tuning/review/asking/rules.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";
import type { ReviewView } from "#lib/domain/fine-tuning/review/view.ts";
import { keptCheckpoints, modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";
import { stateRefusals } from "#lib/domain/tuned-models/rules.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";

/** A tuned model beside its base, on what it was not trained on. */
const reviewPage = page({
  can: "files.read",
  title: "Review",
  load: async (ctx, asked) => {
    const model = await loadTunedModel(ctx, asked);
    const checkpoints = model.kind === "embedded" ? await keptCheckpoints(ctx, model.id) : [];
    const wanted = checkpoints.find(({ step }) => String(step) === asked.search.step)?.step;
    const step = wanted ?? model.step;
    return { model, step, steps: checkpoints.map((one) => one.step), review: await reviewOf(ctx, model.id, step) };
  },
  name: ({ model }) => titleOf(model),
  head: ({ model }, ctx) => tunedTop("review")(model, ctx),
  view: (loaded, ctx) => <Review ctx={ctx} {...loaded} />,
});

export const { generateMetadata } = reviewPage;
export default reviewPage.default;

type AskedPrompt = Extract<ReviewView, { state: "asking" }>["prompts"][number];
type Props = { ctx: Context; model: TunedModelView; step: number; steps: readonly number[]; review: ReviewView | null };

function Review(props: Props) {
  const { ctx, model, step, steps } = props;
  const base = `/${ctx.workspaceId}/models/tuned/${model.jobId}/review`;
  return (
    <>
      {steps.length > 1 ? (
        <div>
          <Segments
            label="Checkpoint"
            segments={steps.map((one) => ({
              href: `${base}?step=${one}`,
              label: one === model.step ? `Step ${one}, answers now` : `Step ${one}`,
              current: one === step,
            }))}
          />
        </div>
      ) : null}
      <Made {...props} live={`${base}/live?step=${step}`} />
      <OwnPrompt ctx={ctx} model={model} />
    </>
  );
}

function Unmade({ ctx, model, step }: Props) {
  if (model.kind === "embedded")
    return (
      <Notice tone="neutral" title={`Step ${step} was not reviewed yet`}>
        Base and tuned are asked what it was not trained on. It takes seconds and costs nothing.
        <Make ctx={ctx} model={model} step={step} button="Make the review" />
      </Notice>
    );
  return (
    <Notice tone="neutral" title="There is nothing to compare by">
      Its server was sent all of the training file. With a validation file a training leaves something to ask. Below you
      can ask both a prompt of your own.
    </Notice>
  );
}

function Make({ ctx, model, step, button }: Pick<Props, "ctx" | "model" | "step"> & { button: string }) {
  if (!can(ctx.actor, "tuned-models.write")) return null;
  return (
    <div className="mt-2 w-fit">
      <ButtonForm button={button} values={{ model: model.id, step: String(step) }} act={review} />
    </div>
  );
}

/** Another server answers with this model, at a price. */
async function ToAsk({ ctx, model, step, prompts }: Props & { prompts: readonly AskedPrompt[] }) {
  const price = (await modelsToAsk(ctx)).find(({ id }) => id === model.id)?.price;
  const isHere = model.state === "active" && can(ctx.actor, "playground.use") && can(ctx.actor, "tuned-models.write");
  return (
    <Card
      title="Not asked yet"
      description={`There ${prompts.length === 1 ? "is one prompt" : `are ${prompts.length} prompts`} that it was not trained on. Another server answers with this model, so to ask both costs what calls cost, within your limits.`}
    >
      {isHere && price ? (
        <AskHeldOut
          prompts={prompts}
          models={{ base: model.model, tuned: model.id }}
          step={step}
          atMost={formatSum(mostOf(prompts, price))}
          open={open}
          keep={keep}
        />
      ) : (
        <p className="text-ui text-text-soft">
          {model.state === "active" ? "Who may change tuned models can have them asked." : stateRefusals[model.state]}
        </p>
      )}
    </Card>
  );
}

function Made(props: Props & { live: string }) {
  const { review: made, live } = props;
  if (!made) return <Unmade {...props} />;
  if (made.state === "pending") return <ReviewLive href={live} />;
  if (made.state === "asking") return <ToAsk {...props} prompts={made.prompts} />;
  if (made.state === "ready") return <Ready made={made} />;
  return (
    <Notice tone="bad" title="There is no review of this step">
      {made.problem}
      <Make {...props} button="Try again" />
    </Notice>
  );
}

function Ready({ made }: { made: Extract<ReviewView, { state: "ready" }> }) {
  const { verdict, figures, prompts } = made;
  return (
    <>
      <Verdict verdict={verdict} />
      {figures.samples > 0 ? (
        <Card title="In numbers" flush>
          <ReviewFigures figures={figures} />
        </Card>
      ) : null}
      {prompts.length > 0 ? (
        <section className="flex flex-col gap-3">
          <div>
            <h2 className="text-body font-semibold">Side by side</h2>
            <p className="max-w-[64ch] text-ui text-text-soft">
              {prompts.length === 1 ? "One prompt" : `${prompts.length} prompts`} that it was not trained on, each
              answered by the likeliest words. What is not in the wanted answer is marked.
            </p>
          </div>
          <ReviewAnswers prompts={prompts} />
        </section>
      ) : null}
    </>
  );
}

async function OwnPrompt({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  if (!can(ctx.actor, "playground.use") || model.state !== "active") return null;
  const models = await modelsToAsk(ctx);
  const [base, tuned] = [model.model, model.id].map((id) => models.find((one) => one.id === id));
  if (!base?.price || !tuned?.price) return null;
  const shown = ({ id, name, upstream, maxContextLength }: typeof base, price: NonNullable<typeof base.price>) => ({
    ...{ id, name, upstream, maxContextLength, price },
  });
  return (
    <Card
      title="Your own prompt"
      description="Both are asked at once, as in the playground. It costs what two calls cost. The model answers from the step that answers now."
    >
      <AskBoth base={shown(base, base.price)} tuned={shown(tuned, tuned.price)} open={open} />
      <noscript className="text-ui text-text-soft">Asking both at once needs JavaScript.</noscript>
    </Card>
  );
}
