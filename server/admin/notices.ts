import { reportBounce } from "#lib/domain/notices/commands.ts";
import { bounceInput } from "#lib/domain/notices/input.ts";
import { type Command, parse, required } from "./command.ts";

export const noticeCommands: readonly Command[] = [
  {
    name: "notice bounce",
    about: "Keeps that a letter came back after the mail server had taken it; its id is in the Message-ID.",
    options: { letter: required("ID"), reason: required("TEXT") },
    run: async (ctx, { letter, reason }) => {
      const input = parse(bounceInput, { id: letter, reason });
      await reportBounce(ctx, input);
      return { result: { id: input.id, state: "bounced" }, lines: [`bounced ${input.id}`] };
    },
  },
];
