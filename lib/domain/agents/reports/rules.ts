import type { Reason } from "./input.ts";

/** What can be wrong with an agent's name, as who reports it chooses it and staff read it. */
export const reasonWords: Record<Reason, string> = {
  impersonation: "It passes for somebody else",
  rights: "The name belongs to somebody else, such as a trademark",
  law: "The name is against the law",
  other: "Something else",
};
