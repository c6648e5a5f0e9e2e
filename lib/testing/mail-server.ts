import type { Socket } from "node:net";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import { env } from "#lib/core/env.ts";

type Mood = "takes" | "is busy" | "knows nobody" | "refuses the text" | "hangs up" | "refuses the sender";

export type MailServer = {
  /** Whole letters, as they came over the wire. */
  letters: string[];
  mood: Mood;
  close: () => Promise<void>;
};

const refused = (code: number, message: string): Error => Object.assign(new Error(message), { responseCode: code });

async function textOf(stream: SMTPServerDataStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function hangUp(server: SMTPServer): void {
  for (const { _socket: socket } of server.connections as Set<{ _socket: Socket }>) socket.destroy();
}

/** For tests: a real mail server on this machine, in whatever mood a test wants, and named as the product's own. */
export async function mailServer(): Promise<MailServer> {
  const here: MailServer = { letters: [], mood: "takes", close: async () => undefined };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onMailFrom: (_address, _session, done) =>
      done(here.mood === "refuses the sender" ? refused(550, "We take nothing from you") : null),
    onRcptTo: (_address, _session, done) => {
      if (here.mood === "is busy") return done(refused(451, "Try again later"));
      if (here.mood === "knows nobody") return done(refused(550, "No such mailbox here"));
      return done();
    },
    onData: (stream, _session, done) => {
      void textOf(stream).then((text) => {
        if (here.mood === "refuses the text") return done(refused(554, "Looks like spam"));
        if (here.mood === "hangs up") return hangUp(server);
        here.letters.push(text);
        return done(null);
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  env().SMTP_URL = `smtp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  here.close = () =>
    new Promise((resolve) => {
      delete env().SMTP_URL;
      server.close(() => resolve());
    });
  return here;
}
