import { jobNowOf } from "#app/(console)/[workspace]/fine-tuning/[job]/job-now.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { JobEvents } from "#components/fine-tuning/job-events.tsx";
import { JobBadge, jobTitle } from "#components/fine-tuning/job-list.tsx";
import { JobLive } from "#components/fine-tuning/job-live.tsx";
import { JobLog } from "#components/fine-tuning/job-log.tsx";
import { Verdict } from "#components/fine-tuning/verdict.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { uuidOf } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { logOf } from "#lib/domain/fine-tuning/curves/queries.ts";
import { statusWords } from "#lib/domain/fine-tuning/listing/rules.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import { isUsable, unusableWords } from "#lib/domain/fine-tuning/rules.ts";
import type { JobDetail } from "#lib/domain/fine-tuning/view.ts";
import { jobActions } from "./job-actions.tsx";

/** One fine-tuning job: how it goes, what it made, and what it was made of. */
const jobPage = page({
  can: "fine-tuning.read",
  title: "Fine-tuning",
  load: (ctx, { params }) => jobOf(ctx, params.job ?? ""),
  name: jobTitle,
  head: (job, ctx) => ({
    badge: <JobBadge status={job.status} />,
    description: statusWords[job.status].sentence,
    action: jobActions(ctx, job),
  }),
  view: (job, ctx, { search }) => <Job ctx={ctx} job={job} isLog={search.scale !== "linear"} />,
});

export const { generateMetadata } = jobPage;
export default jobPage.default;

async function Job({ ctx, job, isLog }: { ctx: Context; job: JobDetail; isLog: boolean }) {
  const mayRead = can(ctx.actor, "files.read");
  const [now, log] = await Promise.all([jobNowOf(ctx, job), mayRead ? logOf(ctx, job.id) : []]);
  const base = `/${ctx.workspaceId}`;
  return (
    <>
      <Ending ctx={ctx} job={job} />
      {job.verdict ? <Verdict verdict={job.verdict} /> : null}
      {job.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      {isWithoutKeeping(job) ? <Notice>{unusableWords}</Notice> : null}
      <JobLive first={now} href={`${base}/fine-tuning/${job.id}/live`} isLog={isLog} />
      <About ctx={ctx} job={job} />
      <Card title="What happened">
        <JobEvents events={job.events} now={ctx.now} />
      </Card>
      {log.length > 0 ? (
        <Card title="Log" description="The last lines that the trainer wrote down. They can quote your data.">
          <JobLog lines={log} />
        </Card>
      ) : null}
    </>
  );
}

function Ready({ ctx, job, model }: { ctx: Context; job: JobDetail; model: string }) {
  const base = `/${ctx.workspaceId}`;
  return (
    <Notice tone="good" title="The model is ready">
      <span className="flex flex-wrap items-center gap-x-2">
        Programs ask it as <Copyable text={model} noun="model id" />
      </span>
      <span className="mt-2 flex flex-wrap gap-2">
        <LinkButton href={`${base}/models/tuned/${job.id}`}>Open the model</LinkButton>
        {can(ctx.actor, "files.read") ? (
          <LinkButton href={`${base}/models/tuned/${job.id}/review`}>Compare with its base</LinkButton>
        ) : null}
        {can(ctx.actor, "playground.use") ? (
          <LinkButton href={`${base}/playground?model=${encodeURIComponent(model)}`}>Try it</LinkButton>
        ) : null}
      </span>
    </Notice>
  );
}

/** Whether it has checkpoints, and could be stopped and kept at none of them. */
const isWithoutKeeping = ({ status, trainerKind, checkpoints }: JobDetail): boolean =>
  status === "RUNNING" && checkpoints.length > 0 && !checkpoints.some((one) => isUsable(trainerKind, one));

/** What came of it: its model, or why there is none and what to do. */
function Ending({ ctx, job }: { ctx: Context; job: JobDetail }) {
  const base = `/${ctx.workspaceId}`;
  if (job.tunedModelId) return <Ready ctx={ctx} job={job} model={job.tunedModelId} />;
  if (job.failure) {
    return (
      <Notice tone="bad" title={job.failure.message}>
        {job.failure.advice}
      </Notice>
    );
  }
  if (job.status === "VALIDATED" && job.waitsFor) {
    return (
      <Notice
        tone="warn"
        title={job.waitsFor === "limit" ? "A spend limit has no room for it" : "It waits for a person to start it"}
      >
        {job.waitsFor === "limit"
          ? "Raise the limit, then start it here. Nothing is reserved meanwhile."
          : "The person who made it cannot start it any more. Anyone who may tune models can."}{" "}
        {job.waitsFor === "limit" ? <TextLink href={`${base}/limits`}>See the limits</TextLink> : null}
      </Notice>
    );
  }
  return null;
}

const About = ({ ctx, job }: { ctx: Context; job: JobDetail }) => (
  <div className="grid items-start gap-5 lg:grid-cols-2">
    <Parameters job={job} />
    <Data ctx={ctx} job={job} />
  </div>
);

function Parameters({ job }: { job: JobDetail }) {
  const { extent, hyperparameters: asked } = job;
  const written = (value: number | null) => (value === null ? "–" : String(value));
  return (
    <Card title="Parameters">
      <DefinitionList
        rows={[
          {
            term: "Base",
            value: job.requestedModel === job.model ? job.model : `${job.requestedModel} (${job.model})`,
          },
          {
            term: "Length",
            value: extent
              ? `${extent.steps} steps, ${Number(extent.epochs.toFixed(2))} times through the data`
              : "Not known yet",
          },
          { term: "Learning rate", value: written(asked.learning_rate) },
          { term: "Weight decay", value: written(asked.weight_decay) },
          { term: "Warm-up", value: written(asked.warmup_fraction) },
          { term: "Seed", value: String(job.seed) },
          { term: "Job id", value: <Copyable text={uuidOf(job.id)} noun="job id" /> },
          ...job.integrations.map(({ project, url }) => ({
            term: "Weights & Biases",
            value: url ? <TextLink href={url}>{project}</TextLink> : `${project}, from the first report on`,
          })),
        ]}
      />
    </Card>
  );
}

function Data({ ctx, job }: { ctx: Context; job: JobDetail }) {
  const { extent } = job;
  const files = [
    ...job.trainingFiles.map((file) => ({ ...file, term: "Training file" })),
    ...job.validationFiles.map((file) => ({ ...file, term: "Validation file" })),
  ];
  return (
    <Card title="Data and cost">
      <DefinitionList
        rows={[
          ...files.map(({ file, name, term }) => ({
            term,
            value: <TextLink href={`/${ctx.workspaceId}/files/${file}`}>{name}</TextLink>,
          })),
          { term: "Examples", value: extent ? examplesWords(extent) : "Not known yet" },
          { term: "At most", value: <Sum pico={job.quotePico ?? 0n} /> },
          { term: "Billed", value: <Sum pico={job.chargedPico} /> },
          { term: "Created", value: <Time at={job.createdAt} now={ctx.now} /> },
        ]}
      />
    </Card>
  );
}

type Extent = NonNullable<JobDetail["extent"]>;

function examplesWords({ samples, validationSamples, isHeldOut, skippedLines }: Extent): string {
  const held = isHeldOut ? " (held out of the same file)" : "";
  const left = skippedLines > 0 ? `; ${skippedLines} wrong ${skippedLines === 1 ? "line" : "lines"} left out` : "";
  return `${samples} to learn from, ${validationSamples} to check with${held}${left}`;
}
