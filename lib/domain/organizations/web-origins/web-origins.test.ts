import fc from "fast-check";
import { expect, test } from "vitest";
import { webOriginsInput } from "./input.ts";
import { mostOrigins } from "./rules.ts";

const refusal = (origins: unknown): string | undefined =>
  webOriginsInput.safeParse({ origins }).error?.issues[0]?.message;

const name = fc.domain();
const secure = fc.oneof(
  name.map((host) => `https://${host}`),
  fc
    .tuple(fc.constantFrom("localhost", "127.0.0.1", "[::1]"), fc.integer({ min: 1, max: 65_535 }))
    .map(([host, port]) => `http://${host}:${port}`),
);

test("a list has each origin once, in the browser's spelling, however often and however it is written", () => {
  const lists = fc.array(secure, { maxLength: mostOrigins });
  const separator = fc.constantFrom("\n", "\r\n", ", ", "  ", "\n\n");
  fc.assert(
    fc.property(lists, separator, (list, between) => {
      const expected = [...new Set(list.map((one) => new URL(one).origin))];
      const shouted = list.map((one) => one.toUpperCase());
      expect(webOriginsInput.parse({ origins: [...list, ...shouted] }).origins).toEqual(expected);
      expect(webOriginsInput.parse({ origins: [...list, ...shouted].join(between) }).origins).toEqual(expected);
    }),
  );
});

test("one wrong origin refuses the list, and is named", () => {
  const wrong = fc.oneof(
    name.map((host) => `http://${host}`),
    name.map((host) => `https://${host}/path`),
    name.map((host) => `https://*.${host}`),
    name.map((host) => `https://me@${host}`),
    name,
    fc.constantFrom("*", "null"),
  );
  fc.assert(
    fc.property(fc.array(secure, { maxLength: 5 }), wrong, (list, wrong) => {
      expect(refusal([...list, wrong])).toContain(wrong);
    }),
  );
});

test("twenty origins are enough, and none is as good as an empty field", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `https://a${index}.example`);
  expect(webOriginsInput.parse({ origins: many(mostOrigins) }).origins).toHaveLength(mostOrigins);
  expect(refusal(many(mostOrigins + 1))).toBe("At most 20 origins.");
  expect(refusal(many(2000))).toBe("At most 20 origins.");
  expect(refusal([`https://${"a".repeat(300)}.example`])).toMatch(/300/);
  for (const nothing of ["", " \n", []]) expect(webOriginsInput.parse({ origins: nothing }).origins).toEqual([]);
  for (const odd of [undefined, null, 1, {}, [1], [[]]])
    expect(webOriginsInput.safeParse({ origins: odd }).success).toBe(false);
});
