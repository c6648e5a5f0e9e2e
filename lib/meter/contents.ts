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
const gatherMs = 50;

type Contents = { keep: (content: Content) => Promise<void> | undefined; close: () => Promise<void> };

/** The content log's writer: apart from metering, sealed before it leaves the process, never in an answer's way. */
export function openContents(sql: Sql, queueBytes: number): Contents {
  let pending = 0;
  const batches = openBatches<Content>((contents) => store(sql, contents), {
    size: 200,
    // Nobody waits for these, so a few more share a row, a seal and a commit.
    gather: (write) => setTimeout(write, gatherMs),
    attempts: 8,
  });
  const keep = (content: Content, done: () => void): void => {
    const size = content.request.length + content.answer.length;
    pending += size;
    batches.write(content, (error) => {
      pending -= size;
      if (error !== undefined) logError("meter.contents", error, { request: content.requestId });
      done();
    });
  };
  return {
    keep: (content) => {
      // When the database cannot follow, answers wait for it rather than memory growing without end.
      if (pending > queueBytes) return new Promise((resolve) => keep(content, resolve));
      return void keep(content, () => undefined);
    },
    close: batches.close,
  };
}

async function store(sql: Sql, contents: Content[]): Promise<void> {
  const rows = groups(contents).map((group) => rowOf(group));
  let start = 1;
  const places = rows.map(({ sealed, ...row }) => {
    const place = { ...row, start, length: sealed.length };
    start += sealed.length;
    return place;
  });
  const all = Buffer.concat(rows.map(({ sealed }) => sealed));
  // One binary parameter for all of them: an array of byte strings would be written out twice as long.
  await sql`
    insert into contents (organization_id, id, workspace_id, request_ids, first_at, purge_at, training_eligible, sealed)
    select organization_id, id, workspace_id, request_ids, first_at, purge_at, training_eligible,
      substring(${all}::bytea from start for length)
    from json_to_recordset(${JSON.stringify(places)}::text::json) as row (organization_id text, id text, workspace_id text,
      request_ids text[], first_at timestamptz, purge_at timestamptz, training_eligible boolean, start integer, length integer)
    on conflict do nothing`;
}

/** What may share a row: one tenant, one workspace, one training stamp, oldest first. */
function groups(contents: Content[]): Content[][] {
  const found = new Map<string, Content[]>();
  for (const content of contents) {
    const name = `${content.workspaceId}${content.trainingEligible}`;
    const group = found.get(name);
    if (group) group.push(content);
    else found.set(name, [content]);
  }
  return [...found.values()].map((group) => group.toSorted((a, b) => a.at.getTime() - b.at.getTime()));
}

/** Sealing once for the group spares every request a cipher of its own. */
function rowOf(group: Content[]) {
  const [first] = group;
  if (!first) throw new Error("A group of contents is never empty.");
  const text = group.map(
    ({ requestId, request, answer }) => `"${requestId}":{"request":${request},"answer":${answer}}`,
  );
  return {
    organization_id: first.organizationId,
    id: first.requestId,
    workspace_id: first.workspaceId,
    request_ids: group.map(({ requestId }) => requestId),
    first_at: first.at.toISOString(),
    purge_at: addDays(first.at, retentionDays).toISOString(),
    training_eligible: first.trainingEligible,
    sealed: seal(Buffer.from(`{${text.join(",")}}`), first.requestId),
  };
}
