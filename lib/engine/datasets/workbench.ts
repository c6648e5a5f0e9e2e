import { baseVocabulary } from "#lib/engine/tiny/base.ts";
import { encode, type Vocabulary } from "#lib/engine/tiny/tokenizer.ts";
import { DataSetChecker } from "./checker.ts";
import { DataSetMender } from "./mend-file.ts";
import type { Order, Reply, Work } from "./messages.ts";
import type { Sample } from "./sample.ts";
import { DataSetSplitter } from "./split-file.ts";

let vocabulary: Vocabulary | undefined;

/** As the embedded model reads a conversation: its words, and a mark for each message. */
export function countTokens(sample: Sample): number {
  vocabulary ??= baseVocabulary();
  const known = vocabulary;
  const count = (text: string): number => encode(known, text).length + 1;
  if ("text" in sample) return count(sample.text);
  return sample.messages.reduce(
    (sum, { content, toolCalls }) =>
      sum + count(content) + toolCalls.reduce((calls, call) => calls + count(`${call.name} ${call.arguments}`), 0),
    0,
  );
}

const toolOf = (work: Work): DataSetChecker | DataSetMender | DataSetSplitter => {
  if (work.type === "mend") return new DataSetMender(work);
  if (work.type === "split") return new DataSetSplitter(work.side, work.options);
  return new DataSetChecker({ purpose: work.purpose, countTokens }, work.saved ?? undefined);
};

const nothing = new Uint8Array(0);

/** Works on several data sets at once, piece by piece, as it is ordered. */
export function createWorkbench(post: (reply: Reply) => void): (order: Order) => void {
  const runs = new Map<number, ReturnType<typeof toolOf>>();

  const answerOf = (order: Order): Reply | null => {
    const { id } = order;
    if (order.type === "begin") runs.set(id, toolOf(order.work));
    if (order.type === "drop") runs.delete(id);
    const tool = runs.get(id);
    if (!tool || order.type === "begin" || order.type === "drop") return null;
    if (order.type === "piece") return seen(tool, id, order.bytes);
    if (order.type === "save") return saved(tool, id);
    runs.delete(id);
    return finished(tool, id);
  };

  return (order) => {
    try {
      const answer = answerOf(order);
      if (answer) post(answer);
    } catch {
      // What broke it may quote the data, so it is not told.
      runs.delete(order.id);
      post({ id: order.id, type: "failed" });
    }
  };
}

function seen(tool: ReturnType<typeof toolOf>, id: number, bytes: Uint8Array): Reply {
  if (!(tool instanceof DataSetChecker)) return { id, type: "made", bytes: tool.see(bytes), soFar: null };
  tool.see(bytes);
  return { id, type: "made", bytes: nothing, soFar: tool.soFar };
}

const saved = (tool: ReturnType<typeof toolOf>, id: number): Reply =>
  tool instanceof DataSetChecker
    ? { id, type: "saved", bytes: tool.save(), soFar: tool.soFar }
    : { id, type: "failed" };

function finished(tool: ReturnType<typeof toolOf>, id: number): Reply {
  if (tool instanceof DataSetChecker) return { id, type: "finished", bytes: nothing, report: tool.finish() };
  const bytes = tool.finish();
  const { tooLongAt } = tool;
  const report = tool instanceof DataSetMender ? { ...tool.report, tooLongAt } : { lines: tool.lines, tooLongAt };
  return { id, type: "finished", bytes, report };
}
