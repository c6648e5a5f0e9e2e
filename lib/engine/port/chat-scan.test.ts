import fc from "fast-check";
import { expect, test } from "vitest";
import { type ScannedChat, scanChat } from "./chat-scan.ts";

/** The body that a scan stands for, made of the parts it found. */
function bodyOf(bytes: Buffer, { envelope, messagesSpan, tools }: ScannedChat): unknown {
  const part = ({ start, end }: { start: number; end: number }) => JSON.parse(bytes.toString("utf8", start, end));
  return { ...JSON.parse(envelope), messages: part(messagesSpan), ...(tools && { tools: part(tools) }) };
}

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }).map((any) => any.toWellFormed()),
  fc.constantFrom("", '"', "\\", "\\\\", "line\nline\ttab", "“€”", "\u0000", "𝄞", "cpt_"),
);
const call = fc.record({
  id: text,
  type: fc.constant("function"),
  function: fc.record({ name: fc.string({ maxLength: 20 }), arguments: text }),
});
const plain = fc.oneof(
  fc.record({ role: fc.constantFrom("system", "user", "assistant"), content: text }),
  fc.record({
    role: fc.constant("assistant"),
    content: fc.constant(null),
    tool_calls: fc.array(call, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ role: fc.constant("tool"), tool_call_id: text, content: text }),
);
const odd = fc.oneof(
  fc.record({ role: fc.constantFrom("user", "developer", "function"), content: fc.jsonValue() }),
  fc.record({ role: fc.constant("assistant"), content: text, tool_calls: fc.jsonValue() }),
  fc.record({ role: fc.constant("user"), content: text, name: text }),
  fc.dictionary(fc.constantFrom("role", "content", "tool_calls", "x"), fc.jsonValue()),
);
/** Names as programs give them; one with an escape in it is unusual. */
const named = fc.dictionary(
  fc.stringMatching(/^[a-z_]{1,8}$/),
  fc.oneof(text, fc.double({ noNaN: true }), fc.boolean()),
);
const chat = (message: fc.Arbitrary<unknown>, other: fc.Arbitrary<unknown> = fc.jsonValue()) =>
  fc.record(
    {
      model: text,
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      tools: fc.array(other, { maxLength: 2 }),
      temperature: fc.double({ noNaN: true, noDefaultInfinity: true }),
      metadata: other,
    },
    { requiredKeys: ["model", "messages"] },
  );

/** Spelled with spaces or without, and beginning at any of four places of a word. */
const spelled = (value: unknown, indent: number, shift: number): Buffer =>
  Buffer.from(" ".repeat(shift) + JSON.stringify(value, null, indent)).subarray(shift);

test("a plain chat is found, and its parts are the body, wherever in memory it lies", () => {
  fc.assert(
    fc.property(chat(plain, named), fc.constantFrom(0, 1, 4), fc.nat(3), (body, indent, shift) => {
      const bytes = spelled(body, indent, shift);
      const found = scanChat(bytes);
      expect(found && bodyOf(bytes, found)).toEqual(JSON.parse(bytes.toString()));
      expect(found?.messages.every(({ isPlain }) => isPlain)).toBe(true);
      const messages = found?.messages.map(({ start, end }) => JSON.parse(bytes.toString("utf8", start, end)));
      expect(messages).toEqual(JSON.parse(bytes.toString()).messages);
      expect(found?.messages.map(({ role }) => role)).toEqual(
        body.messages.map((one) => (one as { role: string }).role),
      );
    }),
    { numRuns: 1000 },
  );
});

/** What a plain message is, said once more in another way. */
function isPlain(message: unknown): boolean {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return false;
  const { role, content, tool_calls: calls, tool_call_id: id, ...others } = message as Record<string, unknown>;
  if (Object.keys(others).length > 0) return false;
  if (role === "assistant" && calls !== undefined)
    return id === undefined && ((content ?? null) === null) !== (typeof content === "string") && areCalls(calls);
  if (calls !== undefined || typeof content !== "string") return false;
  return role === "tool" ? typeof id === "string" : id === undefined && roles.has(role);
}

const roles = new Set<unknown>(["system", "user", "assistant"]);

const areCalls = (calls: unknown): boolean =>
  Array.isArray(calls) &&
  calls.length > 0 &&
  calls.every((one) => {
    const { id, type, function: called, ...others } = (one ?? {}) as Record<string, unknown>;
    const { name, arguments: given, ...more } = (called ?? {}) as Record<string, unknown>;
    const texts = [id, name, given].every((part) => typeof part === "string");
    return texts && type === "function" && Object.keys({ ...others, ...more }).length === 0;
  });

test("what is called plain is plain, and what is odd is found odd or left to the ordinary way", () => {
  fc.assert(
    fc.property(chat(fc.oneof(plain, odd)), fc.nat(3), (body, shift) => {
      const bytes = spelled(body, 0, shift);
      const found = scanChat(bytes);
      if (!found) return;
      expect(bodyOf(bytes, found)).toEqual(JSON.parse(bytes.toString()));
      for (const one of found.messages) {
        const message = JSON.parse(bytes.toString("utf8", one.start, one.end));
        if (one.isPlain) expect(isPlain(message), JSON.stringify(message)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test("bytes that JSON.parse refuses are never taken, whatever is broken about them", () => {
  const breaks = fc.record({ at: fc.nat(), kind: fc.constantFrom("cut", "drop", "put", "swap"), byte: fc.nat(255) });
  fc.assert(
    fc.property(chat(fc.oneof(plain, odd)), breaks, (body, { at, kind, byte }) => {
      const whole = Buffer.from(JSON.stringify(body));
      const place = at % whole.length;
      const [before, after] = [whole.subarray(0, place), whole.subarray(place)];
      const parts = {
        cut: [before],
        drop: [before, after.subarray(1)],
        put: [before, Buffer.of(byte), after],
        swap: [before, Buffer.of(byte), after.subarray(1)],
      };
      const bytes = Buffer.concat(parts[kind]);
      const found = scanChat(bytes);
      // A byte that is no UTF-8 is for who calls to find.
      if (!found || !isDeepStrictText(bytes)) return;
      expect(bodyOf(bytes, found)).toEqual(JSON.parse(bytes.toString()));
    }),
    { numRuns: 5000 },
  );
});

const isDeepStrictText = (bytes: Buffer): boolean => Buffer.from(bytes.toString("utf8")).equals(bytes);

test("fields that come twice, names in other spellings, depth and what follows are left to the ordinary way", () => {
  const message = '{"role":"user","content":"x"}';
  const deep = "[".repeat(80) + "]".repeat(80);
  for (const body of [
    `{"model":"a","model":"b","messages":[${message}]}`,
    `{"model":"a","m\\u0065ssages":[${message}]}`,
    `{"model":"a","messages":[{"role":"user","r\\u006fle":"system","content":"x"}]}`,
    `{"model":"a","messages":[${message}],"metadata":${deep}}`,
    `{"model":"a","messages":[${message}]} x`,
    `{"model":"a","messages":[]}`,
    `{"model":"a"}`,
    `[${message}]`,
    "",
  ])
    expect(scanChat(Buffer.from(body)), body.slice(0, 60)).toBeUndefined();
  const twice = scanChat(Buffer.from('{"messages":[{"role":"user","role":"system","content":"x"}]}'));
  expect(twice?.messages[0]?.isPlain).toBe(false);
});
