import { checkMessage, isRole, type Role } from "./message.ts";
import { isGiven, isObject, type JsonObject, kindOfValue, type Report } from "./rules.ts";
import { checkCalls, checkTools } from "./tools.ts";

/** Which role may follow which; data sets of the field are written so. */
const followers: Record<Role, readonly Role[]> = {
  system: ["user", "assistant", "system"],
  user: ["assistant", "system", "user"],
  assistant: ["assistant", "user", "tool"],
  tool: ["assistant", "tool", "user"],
};

/** The name under which a line has its messages. */
export const messagesKey = (line: JsonObject): "messages" | "interactions" =>
  isGiven(line.messages) ? "messages" : "interactions";

/** The rules of a conversation, its messages and its tools. */
export function checkConversation(line: JsonObject, report: Report): void {
  const key = messagesKey(line);
  const messages = line[key];
  if (!Array.isArray(messages)) {
    report("C2", key, `${key} is ${kindOfValue(messages)}; write a list`);
    return;
  }
  if (messages.length === 0) {
    report("C2", key, `has no ${key}`);
    return;
  }
  for (const [at, message] of messages.entries()) checkMessage(message, `${key}.${at}`, report);
  checkAnswers(messages, key, report);
  checkOrder(messages, key, report);
  checkTools(line, report);
  checkCalls(messages, key, report);
}

const roleOf = (message: unknown): unknown => (isObject(message) ? message.role : undefined);

function checkAnswers(messages: readonly unknown[], key: string, report: Report): void {
  const answers = messages.filter((message) => roleOf(message) === "assistant");
  // A role that is misspelled is said to be so; what would follow from it is not said beside.
  if (!messages.every((message) => isRole(roleOf(message)))) return;
  if (!answers.some((message) => isObject(message) && message.weight !== 0)) {
    report("C3", key, "has no answer to learn from");
    return;
  }
  const last = roleOf(messages.at(-1));
  if (last !== "assistant")
    report("C6", `${key}.${messages.length - 1}`, `must end with an assistant message, ends with ${String(last)}`);
}

function checkOrder(messages: readonly unknown[], key: string, report: Report): void {
  let hasSystem = false;
  for (const [at, message] of messages.entries()) {
    const place = `${key}.${at}`;
    const [before, role] = [roleOf(messages[at - 1]), roleOf(message)];
    if (role === "system" && hasSystem) report("C4", place, `${place}: a second system message`);
    hasSystem ||= role === "system";
    if (isRole(before) && isRole(role) && !followers[before].includes(role))
      report("C5", place, `${place}: ${role} may not follow ${before}`);
    if (at === 0 && role === "tool") report("C5", place, `${place}: tool may not come first`);
  }
}
