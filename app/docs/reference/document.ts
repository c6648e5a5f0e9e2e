import { type ApiDocument, referenceOf, type Tag } from "#lib/core/documentation/reference.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { logError } from "#lib/core/log.ts";

const patienceMs = 5000;
let kept: Promise<ApiDocument> | undefined;

/** The document of the API as the front serves it: the same for as long as both run. */
function apiDocument(): Promise<ApiDocument> {
  kept ??= ask().catch((cause: unknown) => {
    kept = undefined;
    throw new AppError("unavailable", "The reference is made when the API answers. Try again in a moment.", { cause });
  });
  return kept;
}

async function ask(): Promise<ApiDocument> {
  const { HOST: host, FRONT_PORT: front, PORT: port } = env();
  const here = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const name = here.includes(":") ? `[${here}]` : here;
  const answer = await fetch(`http://${name}:${front ?? port}/v1/openapi.json`, {
    signal: AbortSignal.timeout(patienceMs),
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(`/v1/openapi.json answered ${answer.status}.`);
  return (await answer.json()) as ApiDocument;
}

export const apiReference = async (): Promise<Tag[]> => referenceOf(await apiDocument());

/** The same where a page has something to show without it. */
export async function apiReferenceIfThere(): Promise<Tag[]> {
  try {
    return await apiReference();
  } catch (error) {
    logError("documentation", error);
    return [];
  }
}
