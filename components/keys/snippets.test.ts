import { expect, test } from "vitest";
import { callFor, exportLine, languages, snippet } from "./snippets.ts";

const call = { baseUrl: "https://console.example/v1", model: "large", embeddingModel: "vectors" };

test.each([
  ["asks a chat where it may", ["models:read", "completions:create"], null, "chat", "large"],
  ["asks a model of its own list", ["completions:create"], ["small"], "chat", "small"],
  ["keeps a model that is on its list", ["completions:create"], ["small", "large"], "chat", "large"],
  ["asks for embeddings where it may nothing else", ["embeddings:create"], null, "embeddings", "vectors"],
  ["lists models where it asks none", ["files:write"], null, "models", "large"],
] as const)("T-4.2.1-KEY5, contract 44: the first call of a key %s", (_, scopes, models, kind, model) => {
  expect(callFor({ scopes, models }, call)).toEqual({ ...call, kind, model });
});

test("T-4.2.1-KEY5: every snippet has the real address and the variable, and never a key", () => {
  for (const kind of ["chat", "embeddings", "models"] as const)
    for (const language of languages) {
      const text = snippet(language, { ...call, kind });
      expect(text).toContain("https://console.example/v1");
      expect(text).toContain("COMPTOIR_API_KEY");
      expect(text).not.toContain("cpt_");
    }
  expect(exportLine("cpt_abc")).toBe('export COMPTOIR_API_KEY="cpt_abc"');
});
