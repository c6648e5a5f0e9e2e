import { z } from "zod";
import { type Id, isId } from "#db/id.ts";
import { grantLevels } from "#db/schema/agents.ts";
import { agentVisibilities } from "#db/schema/organizations.ts";

const subjectKinds = ["user", "group", "key"] as const;
export type SubjectId = Id<"user"> | Id<"group"> | Id<"key">;

const named = z
  .strictObject({ subjectKind: z.enum(subjectKinds), subjectId: z.string(), level: z.enum(grantLevels) })
  .refine(({ subjectKind, subjectId }) => isId(subjectKind, subjectId), "This is not the id of what it is said to be.")
  .transform((grant) => ({ ...grant, subjectId: grant.subjectId as SubjectId }));

export const sharing = z.object({
  visibility: z.enum(agentVisibilities),
  grants: z
    .array(named)
    .max(200, "At most 200 people, groups and keys; make a group of some of them.")
    .refine(
      (grants) => new Set(grants.map(({ subjectId }) => subjectId)).size === grants.length,
      "Somebody is named twice.",
    ),
});
export type Sharing = z.output<typeof sharing>;

const json = z.string().transform((text, issue): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    issue.addIssue({ code: "custom", message: "This is not what the page sends. Reload it and try again." });
    return z.NEVER;
  }
});

/** The fields of a page's form: the grants as one field, because there are as many as people like. */
export const sharingFields = { visibility: sharing.shape.visibility, grants: json.pipe(sharing.shape.grants) };
