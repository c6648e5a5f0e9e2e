import { buffer } from "node:stream/consumers";
import nodemailer, { type Transporter } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport/index.js";
import { env } from "#lib/core/env.ts";
import { Fault } from "#lib/core/errors.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { unsubscribeHeaders } from "./unsubscribe.ts";

type Outgoing = {
  id: string;
  userId: string | null;
  kind: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
  attachments: { name: string; key: string; type: string }[] | null;
  replyTo: string | null;
};

/** What the mail server said when it took a letter, and under which name it did. */
export type Evidence = { messageId: string; answer: string };

let open: { url: string; transporter: Transporter<SMTPTransport.SentMessageInfo> } | undefined;

/** Hands a letter to the mail server; throws when it is not taken. */
export async function send({
  id,
  recipient,
  subject,
  text,
  html,
  attachments,
  replyTo,
  ...about
}: Outgoing): Promise<Evidence> {
  const { SMTP_URL: url, MAIL_FROM: from } = env();
  if (!url) throw new Fault("SMTP_URL is not set, so there is no mail server to hand letters to.");
  if (open?.url !== url) {
    open = { url, transporter: nodemailer.createTransport(url, { connectionTimeout: 10_000, socketTimeout: 30_000 }) };
  }
  // The id lets a mailbox drop the second copy when a crash made us send twice.
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "localhost";
  const messageId = `<${id}@${domain}>`;
  const headers = unsubscribeHeaders({ ...about, recipient });
  const { response } = await open.transporter.sendMail({
    from,
    to: recipient,
    ...(replyTo && { replyTo }),
    subject,
    text,
    html,
    messageId,
    headers,
    attachments: await Promise.all((attachments ?? []).map(attached)),
  });
  return { messageId, answer: response };
}

const attached = async ({ name, key, type }: { name: string; key: string; type: string }) => ({
  filename: name,
  contentType: type,
  content: await buffer(await storage().read(key)),
});
