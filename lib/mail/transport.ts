import nodemailer, { type Transporter } from "nodemailer";
import { env } from "#lib/env.ts";

type Outgoing = { id: string; recipient: string; subject: string; text: string; html: string };

let transporter: Transporter | undefined;

/** Hands a letter to the mail server; throws when it is not taken. */
export async function send({ id, recipient, subject, text, html }: Outgoing): Promise<void> {
  const { SMTP_URL: url, MAIL_FROM: from } = env();
  if (!url) throw new Error("SMTP_URL is not set, so there is no mail server to hand letters to.");
  transporter ??= nodemailer.createTransport(url, { connectionTimeout: 10_000, socketTimeout: 30_000 });
  // The id lets a mailbox drop the second copy when a crash made us send twice.
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? "localhost";
  await transporter.sendMail({ from, to: recipient, subject, text, html, messageId: `<${id}@${domain}>` });
}
