import { z } from "zod";
import { noticeAbouts } from "#db/schema/contract.ts";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";

export type NoticeAbout = (typeof noticeAbouts)[number];

const about = z.enum(noticeAbouts, { error: `Say what it is about: ${noticeAbouts.join(", ")}.` });
const aboutId = z.string().min(1).max(200);

export const runInput = z.object({ about, aboutId });
export type RunName = z.output<typeof runInput>;

export const noticeId = idField("legalNotice", "This is not the id of a notice.");

/** How a notice was given where no letter arrived, such as "handed over by a bailiff, reference 12/345". */
export const serviceInput = z.object({
  id: noticeId,
  at: z.coerce.date({ error: "Say when, such as 2026-12-01T10:00:00Z." }),
  words: z.string().trim().min(10, "Say how it was given, in a sentence.").max(1000, "At most 1,000 characters."),
});
export const confirmServiceInput = z.object({ id: noticeId });

/** What a run says and when it takes effect lies with the processes, and so do the jobs. */
export const running = { name: "notices.run", payload: runInput } satisfies JobKind;
export const settling = {
  name: "notices.settle",
  payload: z.object({ organizationId: idField("organization") }),
} satisfies JobKind;
