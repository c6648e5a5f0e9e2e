import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentKeyOf, hourSealed, openSealedContent, sealContent, unwrapKey, wrapKey } from "./sealing.ts";

const hourKey = () => randomBytes(32).toString("base64url");
const bytes = fc.uint8Array({ maxLength: 3000 }).map((array) => Buffer.from(array));

test("a pack opens with its hour's key, its workspace's key and its label, and says its hour", () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.string(), (plain, hour, label) => {
      const key = contentKeyOf(hourKey(), randomBytes(32), "ws_1");
      const sealed = sealContent(key, hour, plain, label);
      expect(hourSealed(sealed)).toBe(hour);
      expect(openSealedContent(key, sealed, label)).toEqual(plain);
    }),
  );
});

test("T-4.2.2.2-D1: without the hour's key, the workspace's, or with any byte or the label changed, it stays shut", () => {
  const [hour, scope, plain] = [hourKey(), randomBytes(32), Buffer.from("a prompt")];
  const key = contentKeyOf(hour, scope, "ws_1");
  const sealed = sealContent(key, 495_000, plain, "label");
  const others = [
    contentKeyOf(hourKey(), scope, "ws_1"),
    contentKeyOf(hour, randomBytes(32), "ws_1"),
    contentKeyOf(hour, scope, "ws_2"),
  ];
  for (const other of others) expect(() => openSealedContent(other, sealed, "label")).toThrow();
  expect(() => openSealedContent(key, sealed, "another")).toThrow();
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => openSealedContent(key, changed, "label"), String(at)).toThrow();
  }
});

test("a wrapped key opens under its ring and for its owner alone", () => {
  const [ring, other, plain] = [{ key: hourKey() }, { key: hourKey() }, randomBytes(32)];
  const wrapped = wrapKey(ring, plain, "org_1 ws_1");
  expect(unwrapKey(ring, wrapped, "org_1 ws_1")).toEqual(plain);
  expect(() => unwrapKey(other, wrapped, "org_1 ws_1")).toThrow();
  expect(() => unwrapKey(ring, wrapped, "org_1 ws_2")).toThrow();
});
