import { expect, test } from "vitest";
import { type Answer, asCurl, bodyOf, type Settings, type Turn } from "./conversation.ts";

const settings: Settings = { model: "tiny-chat-1", system: "", temperature: "", maxTokens: "", topP: "", seed: "" };
const turn = (question: string, answer: Partial<Answer>): Turn => ({
  id: 1,
  question,
  answer: { text: "", thought: "", state: "done", sent: "", model: "tiny-chat-1", ...answer },
});

test("what was not chosen is not sent", () => {
  expect(JSON.parse(bodyOf(settings, [], "Hi"))).toEqual({
    model: "tiny-chat-1",
    messages: [{ role: "user", content: "Hi" }],
    stream: true,
  });
});

test("numbers may be written with a comma, and the system prompt comes first", () => {
  const chosen = { ...settings, system: "Be brief.", temperature: "0,7", maxTokens: "20", seed: "0" };
  expect(JSON.parse(bodyOf(chosen, [], "Hi"))).toMatchObject({
    messages: [{ role: "system" }, { role: "user" }],
    temperature: 0.7,
    max_tokens: 20,
    random_seed: 0,
  });
});

test("a failed answer is not told to the model, a stopped one is", () => {
  const turns = [turn("one", { state: "failed", text: "par" }), turn("two", { state: "stopped", text: "half" })];
  expect(
    JSON.parse(bodyOf(settings, turns, "three")).messages.map(({ content }: { content: string }) => content),
  ).toEqual(["two", "half", "three"]);
});

test("the command keeps the body whole inside single quotes and never holds a key", () => {
  const command = asCurl("http://localhost:3000/v1", bodyOf(settings, [], "it's"));
  expect(command).toContain(String.raw`it'\''s`);
  expect(command).toContain("Bearer $COMPTOIR_API_KEY");
});
