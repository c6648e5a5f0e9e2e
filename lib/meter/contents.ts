import type { Sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { addDays } from "#lib/clock.ts";
import { logError } from "#lib/log.ts";
import { seal } from "#lib/secrets.ts";
import { openBatches } from "./batches.ts";

/** What was asked and answered, as the JSON of both. */
export type Content = {
  organizationId: Id<"organization">;
  requestId: Id<"request">;
  workspaceId: Id<"workspace">;
  at: Date;
  trainingEligible: boolean;
  request: string;
  answer: string;
};

/** T-4.2.2.1-D1, T-4.2.2.2-D1: thirty days of twenty-four hours, never longer. */
export const retentionDays = 30;

type Contents = { keep: (content: Content) => Promise<void>; close: () => Promise<void> };

/** The content log's writer: apart from metering, sealed before it leaves the process, never in an answer's way. */
export function openContents(sql: Sql, queueBytes: number): Contents {
  let pending = 0;
  const batches = openBatches<Content>((contents) => store(sql, contents), { size: 200, concurrency: 1, attempts: 8 });
  return {
    keep: (content) => {
      const size = content.request.length + content.answer.length;
      pending += size;
      const written = batches
        .write(content)
        .catch((error: unknown) => void logError("meter.contents", error, { request: content.requestId }))
        .finally(() => {
          pending -= size;
        });
      // When the database cannot follow, answers wait for it rather than memory growing without end.
      return pending > queueBytes ? written : Promise.resolve();
    },
    close: batches.drain,
  };
}

async function store(sql: Sql, contents: Content[]): Promise<void> {
  let start = 1;
  const sealed: Buffer[] = [];
  const rows = contents.map((content) => {
    const bytes = seal(Buffer.from(`{"request":${content.request},"answer":${content.answer}}`), content.requestId);
    sealed.push(bytes);
    const row = {
      organization_id: content.organizationId,
      request_id: content.requestId,
      workspace_id: content.workspaceId,
      at: content.at.toISOString(),
      purge_at: addDays(content.at, retentionDays).toISOString(),
      training_eligible: content.trainingEligible,
      start,
      length: bytes.length,
    };
    start += bytes.length;
    return row;
  });
  // One binary parameter for all of them: an array of byte strings would be written out twice as long.
  await sql`
    insert into contents (organization_id, request_id, workspace_id, at, purge_at, training_eligible, sealed)
    select organization_id, request_id, workspace_id, at, purge_at, training_eligible, substring(${Buffer.concat(sealed)}::bytea from start for length)
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as row (organization_id text, request_id text, workspace_id text,
      at timestamptz, purge_at timestamptz, training_eligible boolean, start integer, length integer)
    on conflict do nothing`;
}
