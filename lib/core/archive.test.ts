import { expect, test } from "vitest";
import { zipOf } from "./archive.ts";

const at = new Date("2026-11-30T00:00:00Z");
const manifest = { name: "manifest.json", text: () => "{}" };

async function bytesOf(files: AsyncIterable<{ name: string; pieces: () => AsyncIterable<string> }>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zipOf(files, at, manifest)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* text(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

async function* broken(): AsyncGenerator<string> {
  yield "half";
  throw new Error("The database went away.");
}

test("contract 31: equal contents give equal archives", async () => {
  async function* files() {
    yield { name: "a.txt", pieces: () => text("one", "two") };
    yield { name: "empty.txt", pieces: () => text() };
  }
  expect((await bytesOf(files())).equals(await bytesOf(files()))).toBe(true);
});

test("contract 31: a file that breaks off, and a list of files that does, break the archive off", async () => {
  async function* withBroken() {
    yield { name: "good.txt", pieces: () => text("good") };
    yield { name: "broken.txt", pieces: broken };
    yield { name: "after.txt", pieces: () => text("after") };
  }
  await expect(bytesOf(withBroken())).rejects.toThrow("went away");
  async function* brokenList() {
    yield { name: "good.txt", pieces: () => text("good") };
    throw new Error("No more files.");
  }
  await expect(bytesOf(brokenList())).rejects.toThrow("No more files");
});
