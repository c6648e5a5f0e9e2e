import type { ParsedMail, SimpleParserOptions } from "mailparser";
import { AppError } from "#lib/core/errors.ts";
import { fileNameOf } from "#lib/core/file-name.ts";
import { receiveMail } from "#lib/domain/help/mail/commands.ts";
import { mostMailBytes } from "#lib/domain/help/mail/rules.ts";
import type { Incoming } from "#lib/domain/help/mail/view.ts";
import type { Command } from "./command.ts";

/** What a letter's parts and headers say; who wrote it is for the rules to find out. */
export async function readMail(raw: Buffer): Promise<Incoming> {
  if (raw.length > mostMailBytes) throw new AppError("too_large", "The letter has more than 10 MB.");
  const mail = await parsed(raw, { skipImageLinks: true, skipTextLinks: true, skipHtmlToText: true });
  const senders = mail.from?.value ?? [];
  // Two senders are nobody.
  const sender = senders.length === 1 ? (senders[0]?.address ?? "") : "";
  const headers = headersOf(mail);
  return {
    messageId: mail.messageId ?? `<none-${headers.get("date")?.[0] ?? ""}-${sender}-${mail.subject ?? ""}>`,
    sender,
    addresses: addressesOf(mail, headers),
    subject: mail.subject ?? "",
    text: (mail.text || (await textOfHtml(raw))).replaceAll("\0", ""),
    headers,
    files: mail.attachments
      .filter(({ related }) => !related)
      .map(({ filename, content }) => ({ name: fileNameOf(filename ?? "file"), bytes: content })),
  };
}

/** What the library will not read, such as a letter of a thousand parts in each other, is the sender's to mend. */
async function parsed(raw: Buffer, options: SimpleParserOptions): Promise<ParsedMail> {
  // Every other command would wait for it too.
  const { simpleParser } = await import("mailparser");
  return simpleParser(raw, options).catch((cause: unknown) => {
    throw new AppError("invalid", "The letter cannot be read.", { cause });
  });
}

/** Of a letter without a plain text: what a reader would see of it, without the addresses of pictures. */
async function textOfHtml(raw: Buffer): Promise<string> {
  const { text } = await parsed(raw, { skipImageLinks: true, maxHtmlLengthToParse: 1_000_000 });
  return (text ?? "").replace(/\[(?:https?|cid|data):[^\]\s]*\]/gi, "");
}

function headersOf({ headerLines }: ParsedMail): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const { key, line } of headerLines) {
    const value = line
      .slice(line.indexOf(":") + 1)
      .replace(/\r?\n[ \t]+/g, " ")
      .trim();
    headers.set(key.toLowerCase(), [...(headers.get(key.toLowerCase()) ?? []), value]);
  }
  return headers;
}

function addressesOf({ to, cc }: ParsedMail, headers: Map<string, string[]>): string[] {
  const envelope = ["delivered-to", "x-original-to", "envelope-to"].flatMap((name) => headers.get(name) ?? []);
  const written = [to, cc].flatMap((field) => (Array.isArray(field) ? field : field ? [field] : []));
  const named = written.flatMap(({ value }) => value.flatMap(({ address }) => address ?? []));
  return [...envelope.map((line) => line.replace(/^<|>$/g, "")), ...named];
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    // Read to its end all the same: a mail server takes a pipe that closes early for a fault.
    if (bytes <= mostMailBytes + 1) pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** As mail servers understand them (sysexits): the letter is wrong; come again. */
const exitCodes = { broken: 65, later: 75 };

export const mailCommands: readonly Command[] = [
  {
    name: "mail receive",
    about: "Takes one letter from the standard input, as a mail server pipes it: onto its ticket, or to staff.",
    options: {},
    failsWith: exitCodes.later,
    run: async (ctx) => {
      try {
        const result = await receiveMail(ctx, await readMail(await readAll(process.stdin)));
        return { result, lines: [[result.outcome, result.reason, result.ticket].filter(Boolean).join(" ")] };
      } catch (error) {
        if (!(error instanceof AppError) || !["invalid", "too_large"].includes(error.problem)) throw error;
        return {
          result: { outcome: "refused", reason: error.message },
          lines: [error.message],
          failed: exitCodes.broken,
        };
      }
    },
  },
];
