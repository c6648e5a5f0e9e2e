import { repliedTo } from "#lib/core/mail/reply-address.ts";
import { longestMessage } from "#lib/domain/help/rules.ts";

/** A letter as far as its envelope and headers tell; names are in lower case, each with its lines from the top. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** Why a letter waits for staff. */
export const heldReasons = {
  "no-address": "It is not addressed to a ticket",
  unproven: "Its sender is not proven",
  stranger: "Its sender does not take part in the ticket",
  many: "More than 5 came within an hour",
  empty: "It says nothing",
  refused: "Its ticket does not take it",
  automatic: "A machine sent it",
} as const;
export type HeldReason = keyof typeof heldReasons;

export const mostMailBytes = 10 * 1024 * 1024;
/** Letters an hour that one ticket takes. */
export const mostAnHour = 5;
export const heldDays = 30;

const first = (headers: Headers, name: string): string => headers.get(name)?.[0]?.trim().toLowerCase() ?? "";

/** The ticket a letter answers: the first of its addresses that is ours and proves itself. */
export function ticketOfAddresses(addresses: readonly string[]): string | null {
  for (const address of addresses) {
    const id = repliedTo(address);
    if (id?.startsWith("tkt_")) return id;
  }
  return null;
}

/** Out of office, lists, bounces and our own letters: nobody wrote them to us, and none of them is answered. */
export function isAutomatic(headers: Headers, messageId: string, own: string): boolean {
  const submitted = first(headers, "auto-submitted");
  return (
    (submitted !== "" && !submitted.startsWith("no")) ||
    /^(bulk|junk|list|auto_reply)/.test(first(headers, "precedence")) ||
    ["list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-auto-response-suppress"].some((name) =>
      headers.has(name),
    ) ||
    first(headers, "return-path") === "<>" ||
    /^(multipart\/report|message\/delivery-status)/.test(first(headers, "content-type")) ||
    messageId.toLowerCase().endsWith(`@${own}>`)
  );
}

/** Escapes, texts in quotes, brackets of comments, and what is between. */
const tokens = /\\.|"(?:\\.|[^"\\])*"|[()]|[^\\"()]+|["\\]/gs;

/** Without comments, which may nest, and with what stands in quotes as it is. */
function withoutComments(text: string): string {
  let [depth, kept] = [0, ""];
  for (const [token] of text.matchAll(tokens)) {
    if (token === "(") depth++;
    else if (token === ")") depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += token;
  }
  return kept;
}

/**
 * Whether the operator's mail server found that the domain of the sender's address really sent it: DMARC passed for that very
 * domain. Only the topmost line with our server's name counts, because what is below may have come with the letter.
 */
export function isProven(results: readonly string[], ownName: string | undefined, sender: string): boolean {
  if (!ownName) return false;
  const domain = sender.slice(sender.lastIndexOf("@") + 1).toLowerCase();
  const lines = results.map((line) => withoutComments(line).toLowerCase());
  const ours = lines.find((line) => line.split(";", 1)[0]?.trim().split(/\s+/)[0] === ownName);
  const dmarc = ours
    ?.split(";")
    .slice(1)
    .map((part) => part.trim())
    .find((part) => part.startsWith("dmarc="));
  if (!dmarc || !/^dmarc=pass(\s|$)/.test(dmarc)) return false;
  const from = /\bheader\.from="?([^\s";]+)"?/.exec(dmarc)?.[1];
  return from === domain;
}

/** Lines from which on a letter repeats the one it answers, as mail programs write them. */
const quoteStarts = [
  /^-{2,}\s*original message\s*-{2,}$/i,
  /^-{2,}\s*(forwarded message|ursprüngliche nachricht|message d'origine|mensaje original)\s*-{2,}$/i,
  /^_{10,}$/,
  /^on .{6,200} wrote:$/i,
  /^(am|le|el|il) .{6,200} (schrieb|a écrit|escribió|ha scritto)( .{1,100})?\s?:$/i,
  /^from: .+$/i,
];

/** What somebody wrote, without what their program put beneath it. What stands between quotes is theirs and stays. */
export function ownWords(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const joined = (at: number): string => [lines[at], lines[at + 1] ?? ""].join(" ").trim();
  const cut = lines.findIndex((line, at) => {
    const trimmed = line.trim();
    if (/^from: /i.test(trimmed)) return /^(sent|date|to): /i.test((lines[at + 1] ?? "").trim());
    if (quoteStarts.some((start) => start.test(trimmed))) return true;
    // Long names break the line before "wrote:".
    return /^(on|am|le|el|il) /i.test(trimmed) && quoteStarts.slice(3, 5).some((start) => start.test(joined(at)));
  });
  const kept = cut === -1 ? lines : lines.slice(0, cut);
  while (kept.length > 0 && /^\s*(>.*)?$/.test(kept.at(-1) ?? "")) kept.pop();
  // A letter that only quotes has no words of its own; one that was all beneath a line that looks like a quote keeps them.
  const own = kept.join("\n").trim();
  return [...own].slice(0, longestMessage).join("").trim();
}
