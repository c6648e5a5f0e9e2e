import { z } from "zod";
import { sha256 } from "#lib/core/secrets.ts";

/** T-1-EFF: the agreement takes effect at the first use or at the acceptance, whichever came first. */
export function effectiveAt(firstUseAt: Date | null, acceptedAt: Date | null): Date | null {
  if (!firstUseAt || !acceptedAt) return firstUseAt ?? acceptedAt;
  return firstUseAt < acceptedAt ? firstUseAt : acceptedAt;
}

const frontMatter = z.object({
  version: z.coerce.number().int().min(1),
  title: z.string().min(1),
  summary: z.string().min(1),
  effective_from: z.iso.datetime().optional(),
});

export type Provider = { provider: string; legalName: string; support: string };

export type Draft = {
  version: number;
  title: string;
  summary: string;
  effectiveFrom: Date | undefined;
  body: string;
  sha256: string;
  templateSha256: string;
};

/** Reads a document file: `name: value` lines between two `---`, then Markdown with {{placeholders}}. */
export function draftOf(file: string, provider: Provider): Draft {
  const [, head, template] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(file) ?? [];
  if (head === undefined || template === undefined)
    throw new Error("it does not begin with front matter between --- lines");
  const fields = head.split(/\r?\n/).map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const result = frontMatter.safeParse(Object.fromEntries(fields));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  const { version, title, summary, effective_from: from } = result.data;
  const body = fill(template.trim(), provider);
  return {
    version,
    title: fill(title, provider),
    summary: fill(summary, provider),
    effectiveFrom: from ? new Date(from) : undefined,
    body,
    sha256: sha256(body),
    templateSha256: sha256(template.trim()),
  };
}

function fill(text: string, provider: Provider): string {
  const words = new Map(Object.entries(provider));
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const word = words.get(name);
    if (word === undefined) throw new Error(`it uses ${whole}, which is not one of ${[...words.keys()].join(", ")}`);
    return word;
  });
}
