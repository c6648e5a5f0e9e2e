import fs from "node:fs";
import path from "node:path";
import type { Id } from "#db/id.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { env } from "#lib/core/env.ts";
import { mayMute } from "./kinds.ts";

/** A letter ready for the outbox. */
export type Letter = {
  kind: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  organizationId?: Id<"organization">;
  clause?: ClauseId;
  /** Where an answer goes; to the sender, who reads none, when it is not set. */
  replyTo?: string;
  /** Files sent with it, by their keys in the storage port. */
  attachments?: { name: string; key: string; type: string }[];
};

type Draft = {
  /** `noun.what-happened`: what staff filter and templates are found by. */
  kind: string;
  /** The name is empty where none is known. */
  to: { email: string; name: string };
  subject: string;
  /** Paragraphs of plain text; whatever people typed is escaped here, nowhere else. */
  before: string[];
  link?: { label: string; path: string };
  after?: string[];
  organizationId?: Id<"organization">;
  clause?: ClauseId;
  replyTo?: string | undefined;
};

/** Links name the configured address, never the one a request claims to have come to. */
export function publicLink(address: string): string {
  return new URL(address, env().PUBLIC_URL ?? localUrl()).href;
}

/** Where this installation answers without a configured address; the terminal learns from the running server's note. */
function localUrl(): string {
  const { FRONT_PORT: front, PORT: port, DEMO: demo, DATA_DIR: folder } = env();
  const noted = front === undefined && demo === "on" ? notedUrl(path.join(folder, "server.json")) : undefined;
  return noted ?? `http://localhost:${front ?? port}`;
}

function notedUrl(file: string): string | undefined {
  try {
    const { url } = JSON.parse(fs.readFileSync(file, "utf8")) as { url?: unknown };
    return typeof url === "string" && URL.canParse(url) ? url : undefined;
  } catch {
    // No server runs on this folder.
    return undefined;
  }
}

/** One draft, said twice: as plain text and as HTML. */
export function compose({
  kind,
  to,
  subject,
  before,
  link,
  after = [],
  organizationId,
  clause,
  replyTo,
}: Draft): Letter {
  const { PROVIDER_NAME: provider, SUPPORT_EMAIL: support } = env();
  const url = link && publicLink(link.path);
  const greeting = to.name === "" ? "Hello," : `Hello ${to.name},`;
  const choice = mayMute(kind) ? ` · which letters you get: ${publicLink("/account/notices")}` : "";
  const footer = `${provider} · questions: ${support}${choice}`;
  const text = [greeting, ...before, ...(link && url ? [`${link.label}:\n${url}`] : []), ...after, `--\n${footer}`];
  const button =
    link && url ? `<p><a href="${escaped(url)}" style="${buttonStyle}">${escaped(link.label)}</a></p>` : "";
  const fallback = url ? `<p style="${softStyle}">If the button does nothing, open ${escaped(url)}</p>` : "";
  return {
    kind,
    recipient: to.email,
    subject: subject.replace(/\s+/g, " "),
    text: text.join("\n\n"),
    html: page(subject, [paragraphs([greeting, ...before]), button, paragraphs(after), fallback], footer),
    ...(organizationId && { organizationId }),
    ...(clause && { clause }),
    ...(replyTo && { replyTo }),
  };
}

const softStyle = "color:#6b665c;font-size:13px;word-break:break-all";
const buttonStyle =
  "display:inline-block;padding:10px 16px;border-radius:6px;background:#0f5f5a;color:#ffffff;text-decoration:none";
const bodyStyle =
  "margin:0 auto;max-width:560px;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#1f1d1a;background:#ffffff";

const paragraphs = (texts: string[]): string => texts.map((text) => `<p>${escaped(text)}</p>`).join("\n");

function page(title: string, parts: string[], footer: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>`;
  const foot = `<hr style="border:0;border-top:1px solid #e3ded5"><p style="${softStyle}">${escaped(footer)}</p>`;
  const body = [...parts, foot].filter(Boolean).join("\n");
  return `<!doctype html>\n<html lang="en"><head>${head}</head>\n<body style="${bodyStyle}">\n${body}\n</body></html>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
