import { expect, test } from "vitest";
import { clientNameOf } from "./client-name.ts";

test.each([
  ["mistral-client-python/1.9.3", "mistral-client-python/1.9.3"],
  ["speakeasy-sdk/typescript 2.4.0 2.7 1.0.0 a-package", "speakeasy-sdk/typescript 2.4.0"],
  ["OpenAI/JS 6.1.0", "OpenAI/JS 6.1.0"],
  ["curl/8.5.0", "curl/8.5.0"],
  ["node", "node"],
  ["codex_cli_rs/0.171.0 (Linux; x86_64)", "codex_cli_rs/0.171.0"],
  ["", "other"],
  ["nodes of a secret plan", "other"],
  ["curl/8.5.0.1.2.3-words", "other"],
  ["my prompt curl/8.5.0", "other"],
])("T-4.2.2.2-ZDR4: the program %j is called %j", (agent, name) => {
  expect(clientNameOf(agent)).toBe(name);
});
