import { loadTunedModel } from "#app/(console)/[workspace]/models/tuned/[job]/load-model.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { Verdict } from "#components/fine-tuning/verdict.tsx";
import { SnippetTabs } from "#components/keys/snippet-tabs.tsx";
import { CheckpointChooser } from "#components/models/checkpoint-chooser.tsx";
import { TransferList } from "#components/models/transfer-list.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormChoices, FormText } from "#components/ui/form-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { agentsAsking } from "#lib/domain/agents/models/queries.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";
import { keptCheckpoints, storageSoFar } from "#lib/domain/tuned-models/listing/queries.ts";
import { stateRefusals } from "#lib/domain/tuned-models/rules.ts";
import { transfersOf } from "#lib/domain/tuned-models/transfer/queries.ts";
import { transferState } from "#lib/domain/tuned-models/transfer/rules.ts";
import { type TunedModelView, titleOf } from "#lib/domain/tuned-models/view.ts";
import { choose, revoke, sign } from "./actions.ts";
import { ModelUsage } from "./model-usage.tsx";
import { tunedTop } from "./top.tsx";

/** One tuned model: how it is asked, what it costs, and what asks it. */
const about = page({
  can: "models.read",
  title: "Tuned model",
  load: loadTunedModel,
  name: titleOf,
  head: tunedTop("about"),
  view: (model, ctx) => <About ctx={ctx} model={model} />,
});

export const { generateMetadata } = about;
export default about.default;

async function About({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  const [storage, review, checkpoints, url] = await Promise.all([
    storageSoFar(ctx, model.id),
    can(ctx.actor, "files.read") ? reviewOf(ctx, model.id, model.step) : null,
    model.rights.has("edit") ? keptCheckpoints(ctx, model.id) : [],
    baseUrl(),
  ]);
  const base = `/${ctx.workspaceId}`;
  return (
    <>
      {model.state === "active" ? null : <Notice tone="warn">{stateRefusals[model.state]}</Notice>}
      {review?.state === "ready" ? (
        <Verdict verdict={review.verdict} href={`${base}/models/tuned/${model.jobId}/review`} />
      ) : null}
      <Card title="About">
        <DefinitionList
          rows={[
            { term: "Id", value: <Copyable text={model.id} noun="model id" /> },
            {
              term: "Base",
              value: (
                <TextLink href={`${base}/models#${model.model}`}>
                  {model.root === model.model ? model.root : `${model.root} (${model.model})`}
                </TextLink>
              ),
            },
            { term: "Trained by", value: <TextLink href={`${base}/fine-tuning/${model.jobId}`}>its job</TextLink> },
            { term: "Answers from", value: `Step ${model.step}` },
            { term: "Owner", value: model.ownerName },
            { term: "Created", value: <Time at={model.createdAt} now={ctx.now} /> },
            { term: "Price of answers", value: "That of its base" },
            { term: "Storage so far", value: <Sum pico={storage} /> },
          ]}
        />
      </Card>
      <ModelUsage ctx={ctx} model={model.id} />
      {checkpoints.length > 1 ? (
        <Card
          title="Checkpoint"
          description="The last two and the best one keep their weights. Each step can be compared with the base. Another one answers from the next request on."
        >
          <CheckpointChooser
            model={model.id}
            step={model.step}
            checkpoints={checkpoints}
            reviewHref={can(ctx.actor, "files.read") ? `${base}/models/tuned/${model.jobId}/review` : undefined}
            action={choose}
          />
        </Card>
      ) : null}
      {can(ctx.actor, "tuned-models.write") ? <Agents ctx={ctx} model={model} /> : null}
      {can(ctx.actor, "transfers.sign") && model.rights.has("manage") ? <Transfers ctx={ctx} model={model} /> : null}
      {model.state === "active" ? (
        <Card title="Ask it from a program">
          <SnippetTabs call={{ baseUrl: url, model: model.id }} />
        </Card>
      ) : null}
    </>
  );
}

/** T-4.2.3-CONF: its weights are given to others on a signed directive alone. */
async function Transfers({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  const transfers = await transfersOf(ctx, model.id);
  return (
    <Card
      title="Transfer"
      description="The model is yours alone. We give its weights to a distributor only if you direct us to, once, and until the day you say."
      aside={
        <FormDialog
          trigger="Sign a transfer…"
          triggerLook={{ size: "small" }}
          title="Transfer this model"
          submit="Sign transfer"
          hidden={{ model: model.id }}
          action={sign}
        >
          <FormText label="Distributor" name="distributor" maxLength={200} help="Who gets the weights, by full name." />
          <FormText label="Until" name="until" type="date" help="The last day (UTC) it can be carried out on." />
          <FormChoices
            legend="Directive"
            name="confirm"
            choices={[{ value: "yes", label: "We direct you to give this model’s weights to the distributor." }]}
          />
        </FormDialog>
      }
      flush={transfers.length > 0}
    >
      {transfers.length === 0 ? (
        <p className="text-ui text-text-soft">None was signed.</p>
      ) : (
        <TransferList
          transfers={transfers}
          now={ctx.now}
          action={(transfer) =>
            transferState(transfer, ctx.now) === "open" ? (
              <ButtonForm button="Revoke" values={{ transfer: transfer.id }} act={revoke} />
            ) : null
          }
        />
      )}
    </Card>
  );
}

async function Agents({ ctx, model }: { ctx: Context; model: TunedModelView }) {
  const agents = await agentsAsking(ctx, model.id);
  const base = `/${ctx.workspaceId}/agents`;
  return (
    <Card title="Agents that ask it">
      {agents.length === 0 ? (
        <p className="text-ui text-text-soft">
          None yet.{" "}
          {can(ctx.actor, "agents.write") ? (
            <TextLink href={`${base}?create=1&model=${encodeURIComponent(model.id)}`}>Make an agent with it</TextLink>
          ) : null}
        </p>
      ) : (
        <ul className="flex flex-col gap-1 text-ui">
          {agents.slice(0, 50).map(({ id, name }) => (
            <li key={id}>
              <TextLink href={`${base}/${id}`}>{name}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
