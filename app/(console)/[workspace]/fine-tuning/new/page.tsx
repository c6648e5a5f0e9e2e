import { create } from "#app/(console)/[workspace]/fine-tuning/actions.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { EstimateCard } from "#components/fine-tuning/estimate-card.tsx";
import { jobSnippets } from "#components/fine-tuning/job-snippets.ts";
import { DataFields, ModelFields, ParameterFields } from "#components/fine-tuning/wizard-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { uuidOf } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { filesOf } from "#lib/domain/files/queries.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import { estimateJob } from "#lib/domain/fine-tuning/estimate/commands.ts";
import { type TunableModel, tuningModels } from "#lib/domain/fine-tuning/listing/queries.ts";
import type { JobEstimate } from "#lib/domain/fine-tuning/view.ts";
import { type Asked, jobAskedFor, wizardInput } from "#lib/domain/fine-tuning/wizard/input.ts";
import { standings } from "#lib/domain/limits/queries.ts";

const filesMost = 500;

/** A fine-tuning in one page: model, data, check, parameters, and what it takes. Everything chosen is in the address. */
const wizard = page({
  can: "fine-tuning.write",
  title: "Tune a model",
  description: "Choose a model and your examples. What it takes and costs is shown before anything starts.",
  load: async (ctx, { search }) => {
    const asked = wizardInput.parse(search);
    const [models, { files }] = await Promise.all([
      tuningModels(ctx),
      filesOf(ctx, { purpose: "fine-tune", offset: 0, limit: filesMost }),
    ]);
    return { asked, models, files };
  },
  view: ({ asked, models, files }, ctx) => <Wizard ctx={ctx} asked={asked} files={files} {...models} />,
});

export const { generateMetadata } = wizard;
export default wizard.default;

type Props = { ctx: Context; asked: Asked; files: StoredFile[]; tunable: TunableModel[]; others: string[] };

function Wizard({ ctx, asked, files, tunable, others }: Props) {
  const model = tunable.find(({ id }) => id === asked.model);
  const file = files.find(({ id }) => id === asked.file);
  const read = model && file ? jobAskedFor(asked, { autoStart: true }) : undefined;
  if (tunable.length === 0) {
    return (
      <Notice tone="warn" title="No model can be tuned here">
        The provider offers no fine-tuning at the moment.
      </Notice>
    );
  }
  return (
    <>
      <Choices
        ctx={ctx}
        asked={asked}
        files={files}
        tunable={tunable}
        others={others}
        model={model}
        file={file}
        problems={read?.problems}
      />
      {read?.job ? <Estimated ctx={ctx} asked={asked} job={read.job} /> : null}
    </>
  );
}

type ChoicesProps = Props & {
  model: TunableModel | undefined;
  file: StoredFile | undefined;
  problems: Record<string, string> | undefined;
};

/** One form, whose cards open in turn: what is chosen already decides what is asked next. */
function Choices({ ctx, asked, files, tunable, others, model, file, problems = {} }: ChoicesProps) {
  const base = `/${ctx.workspaceId}`;
  const isChosen = model !== undefined && file !== undefined;
  return (
    <form method="get" className="flex flex-col gap-5" aria-label="Fine-tuning">
      <Card title="1. Model">
        <ModelFields models={tunable} others={others} chosen={model?.id} />
      </Card>
      <Card
        title="2. Data"
        aside={<TextLink href={`${base}/files`}>Upload a file</TextLink>}
        description="A file of conversations, one a line. Without a validation file, a few examples are held out to check with."
      >
        <DataFields files={files} file={file?.id} valid={asked.valid} />
      </Card>
      {file ? <Checked base={base} file={file} skip={asked.skip} problem={problems.skip} /> : null}
      {isChosen ? (
        <Card title="4. Parameters" description="The defaults are good to begin with.">
          <ParameterFields asked={asked} problems={problems} />
        </Card>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit">{isChosen ? "Estimate" : "Continue"}</Button>
        {problems.form ? <span className="text-ui text-bad">{problems.form}</span> : null}
      </div>
    </form>
  );
}

type Estimate = JobEstimate | { refusal: string };

async function estimated(ctx: Context, job: Parameters<typeof estimateJob>[1]): Promise<Estimate> {
  try {
    return await estimateJob(ctx, job);
  } catch (error) {
    if (error instanceof AppError) return { refusal: [error.message, ...Object.values(error.fields).flat()].join(" ") };
    throw error;
  }
}

type EstimatedProps = { ctx: Context; asked: Asked; job: Parameters<typeof estimateJob>[1] };

async function Estimated({ ctx, asked, job }: EstimatedProps) {
  const estimate = await estimated(ctx, job);
  if ("refusal" in estimate) {
    return (
      <Notice tone="bad" title="It cannot be trained like this">
        {estimate.refusal}
      </Notice>
    );
  }
  const limits = can(ctx.actor, "limits.read") ? Object.values(await standings(ctx)) : [];
  const files = job.training_files.map(({ file_id, weight }) => ({ file_id: uuidOf(file_id), weight }));
  const sent = { ...job, training_files: files, validation_files: job.validation_files?.map(uuidOf) };
  return (
    <EstimateCard
      codes={jobSnippets(await baseUrl(), sent)}
      estimate={estimate}
      limits={limits}
      limitsHref={`/${ctx.workspaceId}/limits`}
      values={Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])))}
      now={ctx.now}
      create={create}
    />
  );
}

type CheckedProps = { base: string; file: StoredFile; skip: string | undefined; problem: string | undefined };

/** What is known of the data: it was looked through when it was uploaded. */
function Checked({ base, file, skip, problem }: CheckedProps) {
  const { lines, badLines, id } = file;
  const isClean = badLines === 0;
  return (
    <Card title="3. Check" aside={<TextLink href={`${base}/files/${id}`}>See the file</TextLink>}>
      {isClean ? (
        <p className="text-ui">All {lines} lines can be learned from.</p>
      ) : (
        <div className="flex flex-col gap-3 text-ui">
          <p>
            {badLines} of {lines} lines {badLines === 1 ? "is wrong and teaches" : "are wrong and teach"} nothing. Mend
            the file on its page, or have them left out.
          </p>
          <label className="flex flex-col gap-1">
            <span className="font-medium">Share of wrong lines to leave out</span>
            <input
              name="skip"
              defaultValue={skip ?? ""}
              inputMode="decimal"
              placeholder={String(Math.min(0.5, Math.ceil((100 * (badLines ?? 0)) / Math.max(1, lines ?? 1)) / 100))}
              className="h-8.5 w-40 rounded-control border border-control bg-surface px-2.5"
            />
            {problem ? <span className="text-meta text-bad">{problem}</span> : null}
          </label>
        </div>
      )}
    </Card>
  );
}
