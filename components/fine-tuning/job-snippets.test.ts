import { expect, test } from "vitest";
import { createJobInput } from "#lib/domain/fine-tuning/input.ts";
import { jobSnippets } from "./job-snippets.ts";

const asked = {
  model: "tiny-chat-1",
  training_files: [{ file_id: "01993d3e-0000-7000-8000-000000000001", weight: 1 }],
  validation_files: [],
  suffix: "it's",
  hyperparameters: { training_steps: 20, epochs: null, learning_rate: 1e-4 },
  auto_start: true,
};

test("fine-tuning 43: a job is shown as the call that a program makes for it, without what is not chosen", () => {
  const { curl = "", Python = "", TypeScript = "" } = jobSnippets("https://example.com/v1", asked);
  const body = /-d '([\s\S]*)'$/.exec(curl)?.[1]?.replaceAll(String.raw`'\''`, "'") ?? "";
  const sent: unknown = JSON.parse(body);
  expect(sent).toEqual({
    model: "tiny-chat-1",
    training_files: asked.training_files,
    suffix: "it's",
    hyperparameters: { training_steps: 20, learning_rate: 1e-4 },
    auto_start: true,
  });
  expect(createJobInput.safeParse({ ...(sent as object), suffix: "its" }).success).toBe(true);
  expect(Python).toContain('"auto_start": True');
  expect(TypeScript).toContain('"auto_start": true');
  for (const code of [curl, Python, TypeScript]) {
    expect(code).toContain("https://example.com/v1/fine_tuning/jobs");
    expect(code).toContain("COMPTOIR_API_KEY");
  }
});
