import { inOrganization } from "#lib/core/context.ts";
import { reportBounce } from "#lib/domain/notices/commands.ts";
import { bounceInput } from "#lib/domain/notices/input.ts";
import { confirmServiceInput, noticeId, runInput, serviceInput } from "#lib/domain/notices/legal/input.ts";
import { noticeProof, noticeRun, noticeRunsOf } from "#lib/domain/notices/legal/queries.ts";
import { confirmService, recordService } from "#lib/domain/notices/legal/serving/commands.ts";
import type { RunProgress } from "#lib/domain/notices/legal/view.ts";
import { type Command, idOf, optional, parse, required } from "./command.ts";

function lineOf({ about, aboutId, clause, plannedAt, effectiveAt, ...run }: RunProgress): string {
  const counts = `sent ${run.posted}  given ${run.given}  undelivered ${run.undelivered}`;
  const effect = effectiveAt ? `effective ${effectiveAt.toISOString()}` : `planned ${plannedAt.toISOString()}`;
  return `${about} ${aboutId}  ${clause}  ${run.endedAt ? "written" : "running"}  ${counts}  ${effect}`;
}

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
  {
    name: "notice runs",
    about: "Shows how far the announcements have come, or one of them.",
    options: { about: optional("KIND"), id: optional("ID") },
    run: async (ctx, { about, id }) => {
      const runs = id ? [await noticeRun(ctx, parse(runInput, { about, aboutId: id }))] : await noticeRunsOf(ctx);
      return { result: { runs }, lines: runs.map(lineOf) };
    },
  },
  {
    name: "notice proof",
    about: "Prints the certificate of a notice: each letter, and what the mail server answered.",
    options: { organization: required("ID"), id: required("ID") },
    run: async (ctx, { organization, id }) => {
      const proof = await noticeProof(inOrganization(ctx, idOf("organization", organization)), parse(noticeId, id));
      const given = proof.noticedAt ? `given ${proof.noticedAt.toISOString()}` : "not given yet";
      return {
        result: { proof },
        lines: [
          `${proof.about} ${proof.aboutId}  ${proof.clause}  to ${proof.organizationName}  ${given}`,
          ...proof.letters.flatMap(({ recipient, state, messageId, tries }) => [
            `${recipient}  ${state}  ${messageId ?? ""}`,
            ...tries.map(({ at, outcome, answer }) => `  ${at.toISOString()}  ${outcome}  ${answer}`),
          ]),
        ],
      };
    },
  },
  {
    name: "notice serve",
    about: "Keeps that a notice no letter gave was given in another way; a second person confirms it.",
    options: { id: required("ID"), at: required("INSTANT"), words: required("TEXT") },
    run: async (ctx, options) => {
      const input = parse(serviceInput, options);
      await recordService(ctx, input);
      return { result: { id: input.id }, lines: [`recorded ${input.id}`] };
    },
  },
  {
    name: "notice confirm",
    about: "Confirms as the second person that a notice was given in another way.",
    options: { id: required("ID") },
    run: async (ctx, options) => {
      const { id } = parse(confirmServiceInput, options);
      await confirmService(ctx, { id });
      return { result: { id }, lines: [`confirmed ${id}`] };
    },
  },
];
