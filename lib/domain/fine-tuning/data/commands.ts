import type { TuningFile } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { openContent } from "#lib/domain/files/contents/commands.ts";
import type { Job } from "#lib/domain/fine-tuning/rules.ts";
import type { DataSet } from "#lib/engine/training/port.ts";

type Named = Pick<Job, "organizationId" | "trainingFiles" | "validationFiles">;
type Sized = TuningFile & { bytes?: number };

/** The data of a job as trainers read it: opened when it is needed, and only as long as its files are there. */
export const dataSetsOf = part((ctx: AccountContext, job: Named): { training: DataSet[]; validation: DataSet[] } => {
  const { organizationId } = job;
  const setOf = ({ file: fileId, sha256, weight, bytes = 0 }: Sized): DataSet => ({
    open: () => openContent(ctx, { organizationId, fileId }),
    bytes,
    sha256,
    weight,
  });
  return { training: job.trainingFiles.map(setOf), validation: job.validationFiles.map(setOf) };
});
