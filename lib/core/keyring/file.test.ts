import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { keyringFile } from "./file.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyring-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const place = () => path.join(folder, randomBytes(4).toString("hex"), "keyring");

test("what was written is read, and where nothing was written there is nothing", async () => {
  const store = keyringFile(place());
  expect(await store.read()).toBeNull();
  for (const document of ["first", "second"].map((text) => Buffer.from(text))) {
    await store.write(document);
    expect(await store.read()).toEqual(document);
  }
});

test("the bytes of the document before are written over, also where someone still has the file open", async () => {
  const name = place();
  const store = keyringFile(name);
  const old = Buffer.from(`old ${"key".repeat(2000)}`);
  await store.write(old);
  const held = fs.openSync(name, "r");
  await store.write(Buffer.from("new"));
  const left = Buffer.alloc(old.length);
  fs.readSync(held, left, 0, left.length, 0);
  fs.closeSync(held);
  expect(left.includes("keykey")).toBe(false);
  expect(fs.readdirSync(path.dirname(name))).toEqual(["keyring"]);
});

test("what a writer left that was killed is destroyed by the next, and is never read", async () => {
  const name = place();
  const store = keyringFile(name);
  await store.write(Buffer.from("whole"));
  fs.writeFileSync(`${name}.0123456789ab`, "half of a key");
  const held = fs.openSync(`${name}.0123456789ab`, "r");
  expect(String(await store.read())).toBe("whole");
  await store.write(Buffer.from("next"));
  expect(fs.readdirSync(path.dirname(name))).toEqual(["keyring"]);
  expect(fs.readFileSync(held).includes("half")).toBe(false);
  fs.closeSync(held);
});

test("only its owner can read it", async () => {
  const name = place();
  await keyringFile(name).write(Buffer.from("x"));
  expect(fs.statSync(name).mode & 0o077).toBe(0);
});
