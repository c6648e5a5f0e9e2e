import type { StatefulClass } from "#db/schema/zero-retention.ts";

export type Eligibility = {
  title: string;
  /** Addresses of the API; what lies beneath one belongs to it. */
  paths: readonly string[];
  /** What they keep: nothing, what a request asks for, or the state they are about. */
  keeps: "nothing" | "where asked" | StatefulClass;
};

/** T-4.2.2.2-ZDR1: which parts of the API work under zero retention; a test holds it to what the endpoints themselves say. */
export const eligibility: readonly Eligibility[] = [
  { title: "Chat completions", paths: ["/v1/chat/completions"], keeps: "nothing" },
  {
    title: "Text and fill-in-the-middle completions",
    paths: ["/v1/completions", "/v1/fim/completions"],
    keeps: "nothing",
  },
  { title: "Embeddings", paths: ["/v1/embeddings"], keeps: "nothing" },
  { title: "Moderations", paths: ["/v1/moderations", "/v1/chat/moderations"], keeps: "nothing" },
  { title: "Models", paths: ["/v1/models"], keeps: "nothing" },
  { title: "Responses", paths: ["/v1/responses"], keeps: "where asked" },
  { title: "Stored responses", paths: ["/v1/responses/"], keeps: "conversations" },
  { title: "Conversations", paths: ["/v1/conversations"], keeps: "conversations" },
  { title: "Agents", paths: ["/v1/agents"], keeps: "agents" },
  { title: "Files", paths: ["/v1/files", "/v1/uploads"], keeps: "files" },
  { title: "Batch", paths: ["/v1/batch", "/v1/batches"], keeps: "files" },
  { title: "Fine-tuning", paths: ["/v1/fine_tuning"], keeps: "files" },
];

/** What holds of each kind under zero retention, in words. */
export const eligibilityWords: Record<Eligibility["keeps"], { isEligible: boolean; words: string }> = {
  nothing: { isEligible: true, words: "Nothing of requests and answers is stored." },
  "where asked": {
    isEligible: true,
    words: "With store: false. Everything else is refused with 403 zdr_incompatible.",
  },
  agents: {
    isEligible: false,
    words: "403 zdr_incompatible, unless you have agents kept on your instruction.",
  },
  conversations: {
    isEligible: false,
    words: "403 zdr_incompatible, unless you have conversations kept on your instruction.",
  },
  files: {
    isEligible: false,
    words: "403 zdr_incompatible, unless you have files kept on your instruction.",
  },
};

/** The part an address belongs to: the one with the longest path that leads to it. */
export function eligibilityOf(path: string): Eligibility | undefined {
  const leads = (start: string) => path === start || path.startsWith(start.endsWith("/") ? start : `${start}/`);
  const lengthOf = ({ paths }: Eligibility) => Math.max(-1, ...paths.filter(leads).map((start) => start.length));
  return eligibility.filter((one) => lengthOf(one) >= 0).toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
}
