import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { env } from "#lib/core/env.ts";
import { beginTurn, newKeyring } from "./document.ts";
import { forgetKeyring, keyring, readKeyring, writeKeyring } from "./keyring.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "keyring-"));
const place = path.join(folder, "keyring");
const configured = env().KEYRING;
env().KEYRING = place;
afterAll(() => {
  env().KEYRING = configured;
  forgetKeyring();
  fs.rmSync(folder, { recursive: true });
});
const made = newKeyring(new Date("2026-11-29T10:20:00Z"));

test("no key can be read where the keyring lies", async () => {
  await writeKeyring(made);
  const lying = fs.readFileSync(place);
  for (const key of [made.content.key, made.durable[0]?.key ?? "", ...Object.values(made.hours)]) {
    expect(lying.includes(key)).toBe(false);
    expect(lying.includes(Buffer.from(key, "base64url"))).toBe(false);
  }
});

test("who reads while it is written over gets one whole document or another, never an error", async () => {
  await writeKeyring(made);
  let [last, isOver] = [made, false];
  const reading = Array.from({ length: 4 }, async () => {
    const epochs: number[] = [];
    while (!isOver) epochs.push((await readKeyring())?.epoch ?? 0);
    return epochs;
  });
  for (let round = 0; round < 40; round++) {
    last = { ...beginTurn(last), contentBefore: null };
    await writeKeyring(last);
  }
  isOver = true;
  for (const epochs of await Promise.all(reading)) expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
});

test("one that is damaged is an error that tells nothing of it, and what failed is not remembered", async () => {
  fs.writeFileSync(place, randomBytes(300));
  forgetKeyring();
  await expect(keyring()).rejects.toThrow("is damaged, or was sealed with another CONTENT_KEY");
  fs.rmSync(place);
  await expect(keyring()).rejects.toThrow("There is no keyring");
  await writeKeyring(made);
  expect(await keyring()).toEqual(made);
});
