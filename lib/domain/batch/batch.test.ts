import { createSecretKey } from "node:crypto";
import { expect, test } from "vitest";
import { micros } from "#lib/core/money.ts";
import { refuseBeyond } from "./creating/rules.ts";
import { mostOf } from "./estimate/rules.ts";
import { createBatchInput } from "./input.ts";
import { endOf } from "./lifecycle/rules.ts";
import { customHashOf, type FoundLine, LineCutter, readLine } from "./reading/rules.ts";
import { countErrors, errorName, isAnswered } from "./results/rules.ts";
import { halved, isGivenUp, isPossible, percentOf } from "./rules.ts";

const price = { inputMicros: micros(5n), cachedInputMicros: micros(1n), outputMicros: micros(6n) };

test("batch 1: half of a price is rounded down, so it is never above half", () => {
  expect(halved(price)).toEqual({ inputMicros: 2n, cachedInputMicros: 0n, outputMicros: 3n });
});

const cut = (text: string, size: number): FoundLine[] => {
  const cutter = new LineCutter(100);
  const bytes = Buffer.from(text);
  const found: FoundLine[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...cutter.cut(bytes.subarray(at, at + size)));
  return [...found, ...cutter.rest()];
};

test.each([1, 2, 3, 7, 100])("batch 1: lines are found where they lie, in pieces of %d bytes", (size) => {
  const text = "one\n\ntwö\nlast";
  const found = cut(text, size);
  expect(found.map((line) => line.text?.toString())).toEqual(["one", "", "twö", "last"]);
  const bytes = Buffer.from(text);
  for (const { firstByte, bytes: length, text: line } of found)
    expect(bytes.subarray(firstByte - 100, firstByte - 100 + length)).toEqual(line);
});

test("batch 2: a line that is longer than any may be is found as one, and not kept", () => {
  const [long, next] = cut(`${"x".repeat(4 * 1024 * 1024 + 1)}\n{}`, 64 * 1024);
  expect([long?.text, long?.bytes, next?.text?.toString()]).toEqual([null, 4 * 1024 * 1024 + 1, "{}"]);
});

const chat = { endpoint: "/v1/chat/completions", model: null, agentId: null } as const;
const read = (line: unknown, change: Partial<Parameters<typeof readLine>[1]> = {}) =>
  readLine({ text: Buffer.from(typeof line === "string" ? line : JSON.stringify(line)) }, { ...chat, ...change });

test("batch 2: a line is a request in either published form, and what is none says why", () => {
  expect(read({ custom_id: "a", body: { model: "m" } })).toEqual({
    customId: "a",
    body: { model: "m" },
    problem: null,
  });
  expect(read({ custom_id: "a", method: "POST", url: chat.endpoint, body: {} }).problem).toBeNull();
  const codes = [
    "no json",
    "[]",
    { custom_id: 7, body: {} },
    { custom_id: "x".repeat(513), body: {} },
    { method: "GET", body: {} },
    { url: "/v1/embeddings", body: {} },
    { custom_id: "a" },
    { body: { stream: true } },
    "[".repeat(300) + "]".repeat(300),
  ].map((line) => read(line).problem?.code);
  expect(codes).toEqual([
    "invalid_json_line",
    "invalid_json_line",
    "invalid_custom_id",
    "invalid_custom_id",
    "invalid_method",
    "mismatched_endpoint",
    "invalid_body",
    "invalid_stream",
    "invalid_json_line",
  ]);
  expect(readLine({ text: Buffer.from([0xff]) }, chat).problem?.code).toBe("invalid_json_line");
});

test("batch 4: the model of the batch stands where a line names none, and its agent in each", () => {
  expect(read({ body: {} }, { model: "m" }).body).toEqual({ model: "m" });
  expect(read({ body: { model: "own" } }, { model: "m" }).body).toEqual({ model: "own" });
  expect(read({ body: { model: "own" } }, { agentId: "ag_0" as never }).body).toMatchObject({ agent_id: "ag_0" });
});

test("batch 2: a custom_id is known again under the key of its batch, and under no other", () => {
  const [one, other] = [createSecretKey(Buffer.alloc(32, 1)), createSecretKey(Buffer.alloc(32, 2))];
  expect(customHashOf(one, "a")).toEqual(customHashOf(one, "a"));
  expect(customHashOf(one, "a")).not.toEqual(customHashOf(other, "a"));
});

const result = (status: number, body: unknown) =>
  ({ customId: null, requestId: "req_0", response: { status, body }, problem: null }) as const;

test("batch 2: refusals are counted by kind, never in words that quote what was asked", () => {
  const refused = result(400, { type: "invalid_model", message: "Invalid model: secret" });
  expect(isAnswered(result(200, {}))).toBe(true);
  expect(errorName(refused)).toBe("invalid_model (400)");
  expect(errorName(result(500, { type: "My secret." }))).toBe("error (500)");
  expect(countErrors({ "invalid_model (400)": 1 }, [refused, result(200, {})])).toEqual({ "invalid_model (400)": 2 });
  const many = Array.from({ length: 80 }, (_, n) => result(400 + n, {}));
  expect(Object.keys(countErrors({}, many))).toHaveLength(51);
});

test("batch 3: how a batch ends follows from what was asked of it and from its lines", () => {
  const sums = (succeededRequests: number, failedRequests: number) => ({ succeededRequests, failedRequests });
  expect(endOf({ outcome: "done" }, "RUNNING", sums(1, 9)).transition).toBe("succeed");
  expect(endOf({ outcome: "done" }, "RUNNING", sums(0, 9)).transition).toBe("fail");
  expect(endOf({ outcome: "cancelled" }, "CANCELLATION_REQUESTED", sums(0, 0)).transition).toBe("endCancelled");
  expect(endOf({ outcome: "expired" }, "RUNNING", sums(1, 9)).transition).toBe("expire");
  expect(endOf({ outcome: "expired" }, "CANCELLATION_REQUESTED", sums(1, 9)).transition).toBe("endCancelled");
  expect(endOf({ outcome: "failed", failure: "No key." }, "RUNNING", sums(1, 0))).toEqual({
    transition: "fail",
    failure: "No key.",
  });
  expect(isPossible("askToCancel", "SUCCESS")).toBe(false);
  expect(isGivenUp({ attempts: 3 })).toBe(false);
  expect(isGivenUp({ attempts: 4 })).toBe(true);
  expect(percentOf({ totalRequests: 3, succeededRequests: 1, failedRequests: 1 })).toBe(66);
});

test("batch 7: a plan has so many batches, and an organization so many lines, at once", () => {
  expect(() => refuseBeyond("free", { batches: 0, lines: 0 }, 1_000_000)).not.toThrow();
  expect(() => refuseBeyond("free", { batches: 1, lines: 0 }, 1)).toThrow("one batch under way");
  expect(() => refuseBeyond("paid", { batches: 10, lines: 0 }, 1)).toThrow("10 batches under way");
  expect(() => refuseBeyond("paid", { batches: 1, lines: 999_999 }, 2)).toThrow("1,000,000 requests");
});

test("batch 6: a batch names files or requests, an agent answers chats alone, and other endpoints name those there are", () => {
  const parse = (change: object) => createBatchInput.safeParse({ endpoint: chat.endpoint, ...change });
  const requests = [{ custom_id: "1", body: {} }];
  expect(parse({ requests }).success).toBe(true);
  expect(parse({}).success).toBe(false);
  expect(parse({ requests, input_files: ["0199c3f2-4a8e-7b13-a1d5-c2e84f60b97d"] }).success).toBe(false);
  expect(parse({ requests: Array.from({ length: 10_001 }, () => ({ body: {} })) }).success).toBe(false);
  const agent = `ag_${"0".repeat(32)}`;
  expect(parse({ requests, agent_id: agent, endpoint: "/v1/embeddings" }).success).toBe(false);
  expect(parse({ requests, agent_id: agent, model: "m" }).success).toBe(false);
  expect(parse({ requests, agent_id: agent }).success).toBe(true);
  expect(JSON.stringify(parse({ requests, endpoint: "/v1/ocr" }).error?.issues)).toContain("/v1/embeddings");
});

test("batch 14: the most a request costs is its bytes and the longest answer, at half price", () => {
  const asked = { price, maxContextLength: 1000 };
  const bytes = BigInt(Buffer.byteLength(JSON.stringify({ max_tokens: 10 })) + 64);
  expect(mostOf(chat.endpoint, { max_tokens: 10 }, asked)).toBe(bytes * 2n + 10n * 3n);
  expect(mostOf(chat.endpoint, { n: 2, max_tokens: 9999 }, asked)).toBeGreaterThan(2n * 1000n * 3n);
  expect(mostOf("/v1/embeddings", { max_tokens: 10 }, asked)).toBe(bytes * 2n);
});
