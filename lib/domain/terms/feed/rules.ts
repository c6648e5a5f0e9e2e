import type { DocumentTitle } from "#lib/domain/terms/view.ts";

type About = { provider: string; base: string; now: Date };

const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);

/** When something was last heard of a version: its announcement, and its coming into force once that has come. */
function heardAt({ announcedAt, effectiveFrom }: DocumentTitle, now: Date): Date | null {
  return effectiveFrom && effectiveFrom <= now ? effectiveFrom : announcedAt;
}

/** Atom 1.0, newest first. What is in it is what the pages of the documents show. */
export function feedOf(versions: readonly DocumentTitle[], { provider, base, now }: About): string {
  const heard = versions.flatMap((version) => {
    const at = heardAt(version, now);
    return at ? [{ version, at }] : [];
  });
  const entries = heard.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const root = new URL("/legal", base).href;
  const updated = entries[0]?.at ?? now;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<title>${escaped(provider)}: documents</title>`,
    `<id>${escaped(root)}</id>`,
    `<link rel="self" href="${escaped(new URL("/legal/feed.atom", base).href)}"/>`,
    `<updated>${updated.toISOString()}</updated>`,
    `<author><name>${escaped(provider)}</name></author>`,
    ...entries.map(({ version, at }) => entryOf(version, at, { provider, base, now })),
    "</feed>",
    "",
  ].join("\n");
}

function entryOf(document: DocumentTitle, at: Date, { base, now }: About): string {
  const { kind, version, title, summary, whatChanges, plannedAt, effectiveFrom } = document;
  const address = new URL(`/legal/${kind}/${version}`, base).href;
  const isInForce = effectiveFrom !== null && effectiveFrom <= now;
  const state = isInForce ? "in force" : `announced for ${(effectiveFrom ?? plannedAt)?.toISOString().slice(0, 10)}`;
  return [
    "<entry>",
    `<title>${escaped(`${title}, version ${version}: ${state}`)}</title>`,
    `<id>${escaped(`${address}#${isInForce ? "in-force" : "announced"}`)}</id>`,
    `<link href="${escaped(address)}"/>`,
    `<updated>${at.toISOString()}</updated>`,
    `<summary>${escaped(whatChanges ?? summary)}</summary>`,
    "</entry>",
  ].join("\n");
}
