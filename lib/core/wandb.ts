import { z } from "zod";
import type { Outgoing } from "#lib/core/outgoing/outgoing.ts";

/** A run as it is told the first time; told again under the same name it is found. */
export type WandbRun = {
  project: string;
  name: string;
  displayName: string | null;
  config: Record<string, unknown>;
};

/** Where the service has the run, or the status it answered with instead; null without an answer. */
export type WandbBegun = { path: string; url: string } | { status: number | null };

export type Wandb = {
  begin: (run: WandbRun) => Promise<WandbBegun>;
  /** Adds to the files of a run; the status of the answer. */
  stream: (path: string, body: Record<string, unknown>) => Promise<number | null>;
};

const viewerQuery = "query Viewer { viewer { entity } }";
const upsertQuery = `mutation UpsertBucket($input: UpsertBucketInput!) {
  upsertBucket(input: $input) { bucket { id name project { name entity { name } } } inserted }
}`;

/** A name of theirs becomes a part of a path. */
const part = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(?!\.+$)/);
const viewerAnswer = z.object({ data: z.object({ viewer: z.object({ entity: part }).nullable() }) });
const bucket = z.object({ name: part, project: z.object({ name: part, entity: z.object({ name: part }) }) });
const upsertAnswer = z.object({ data: z.object({ upsertBucket: z.object({ bucket }) }) });

/** The interface that the vendor's own client speaks; it is not documented, so tests pin it. */
export function createWandb(address: string, { post }: Pick<Outgoing, "post">, key: string): Wandb {
  const base = address.replace(/\/+$/, "");
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    authorization: `Basic ${Buffer.from(`api:${key}`).toString("base64")}`,
  };
  const send = async (path: string, body: unknown): Promise<{ status: number | null; text: string }> => {
    try {
      return await post(`${base}${path}`, JSON.stringify(body), headers);
    } catch {
      // A refused address, a broken connection and silence alike: there is no answer.
      return { status: null, text: "" };
    }
  };
  const ask = async <S extends z.ZodType>(
    answer: S,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<{ said: z.output<S> } | { status: number | null }> => {
    const { status, text } = await send("/graphql", { query, variables });
    const parsed = isTaken(status) ? answer.safeParse(jsonOf(text)) : null;
    return parsed?.success ? { said: parsed.data } : { status };
  };
  return {
    begin: async ({ config, project, ...run }) => {
      const asked = await ask(viewerAnswer, viewerQuery);
      if ("status" in asked) return asked;
      const entityName = asked.said.data.viewer?.entity;
      // Whom the service does not know has no viewer.
      if (entityName === undefined) return { status: 401 };
      const input = { ...run, entityName, modelName: project, jobType: "fine-tuning", state: "running" };
      const made = await ask(upsertAnswer, upsertQuery, { input: { ...input, config: JSON.stringify(config) } });
      if ("status" in made) return made;
      const { name, project: its } = made.said.data.upsertBucket.bucket;
      const [entity, theirs, known] = [its.entity.name, its.name, name].map(encodeURIComponent);
      return { path: `${entity}/${theirs}/${known}`, url: `${pagesOf(base)}/${entity}/${theirs}/runs/${known}` };
    },
    stream: async (path, body) => (await send(`/files/${path}/file_stream`, body)).status,
  };
}

export const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

/** The vendor has its pages beside its interface; a server of one's own has both in one place. */
const pagesOf = (base: string): string => (base === "https://api.wandb.ai" ? "https://wandb.ai" : base);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
