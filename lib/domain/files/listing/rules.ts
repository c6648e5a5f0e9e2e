/** What the list of files can be sorted by, and its order when nothing is said. */
export const fileSorts = ["name", "lines", "size", "created", "expires"] as const;
export const fileOrder = "-created";

export const fileStates = ["ready", "problems", "draft"] as const;
export type FileState = (typeof fileStates)[number];

/** How a file stands: refused and to be mended, with problems, or ready. */
export function stateOf({ isDraft, problems }: { isDraft: boolean; problems: number }): FileState {
  if (isDraft) return "draft";
  return problems > 0 ? "problems" : "ready";
}
