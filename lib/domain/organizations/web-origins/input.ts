import { z } from "zod";
import { mostOrigins, normalOrigins, originFlaw } from "./rules.ts";

/** As programs send them. */
export const originList = z
  .array(z.string().trim().max(300, "An origin has at most 300 characters."))
  .max(1000, `At most ${mostOrigins} origins.`)
  .transform((texts, issue): string[] => {
    const flaw = texts.map(originFlaw).find((found) => found !== null);
    const origins = normalOrigins(texts);
    if (!flaw && origins.length <= mostOrigins) return origins;
    issue.addIssue({ code: "custom", message: flaw ?? `At most ${mostOrigins} origins.` });
    return z.NEVER;
  });

/** As a form sends them: one a line. */
export const webOriginsInput = z.object({
  origins: z.preprocess(
    (sent) => (typeof sent === "string" ? sent.split(/[\s,]+/).filter((one) => one !== "") : sent),
    originList,
  ),
});
