import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { adapterArchive, tarOf } from "#lib/testing/adapter-archive.ts";
import { laidIn, layAdapter, tidyAdapters } from "./folder.ts";
import { adapterName } from "./names.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-adapters-"));
const name = adapterName("ft:small:a", "blb_1");
let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(root, "folder-"));
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/** In pieces that end anywhere. */
const inPieces = (bytes: Buffer, length: number) => async () =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

const everything = () => fs.readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted();

test.each([1, 7, 512, 100_000])(
  "fine-tuning 39: an adapter is laid down plainly, whatever pieces of %i bytes it comes in",
  async (length) => {
    await layAdapter(folder, name, inPieces(adapterArchive("weights"), length));
    const place = path.join(folder, name);
    expect(fs.readdirSync(place).toSorted()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
    expect(fs.readFileSync(path.join(place, "adapter_model.safetensors"), "utf8")).toBe("weights");
    expect(fs.statSync(place).mode & 0o777).toBe(0o700);
    for (const file of fs.readdirSync(place)) expect(fs.statSync(path.join(place, file)).mode & 0o777).toBe(0o600);
  },
);

test("fine-tuning 39: what Python's tarfile packs, as the shipped worker does, is read", async () => {
  const packed = path.join(root, "packed.tar");
  const source = path.join(root, "source");
  fs.mkdirSync(source);
  fs.writeFileSync(path.join(source, "adapter_config.json"), "{}");
  fs.writeFileSync(path.join(source, "adapter_model.safetensors"), Buffer.alloc(100_000, 3));
  fs.writeFileSync(path.join(source, `${"long".repeat(60)}.json`), "{}");
  execFileSync("python3", [
    "-c",
    `import tarfile\nwith tarfile.open(${JSON.stringify(packed)}, "w") as tar: tar.add(${JSON.stringify(source)}, "checkpoint")`,
  ]);
  await layAdapter(folder, name, inPieces(fs.readFileSync(packed), 4096));
  expect(fs.statSync(path.join(folder, name, "adapter_model.safetensors")).size).toBe(100_000);
});

const config = { path: "adapter_config.json", content: "{}" };
const model = { path: "adapter_model.safetensors", content: "x" };

test.each([
  ["no archive", Buffer.alloc(1024, 7), "no tar archive"],
  ["an archive cut short", adapterArchive("weights").subarray(0, 5500), "too early"],
  ["no description", tarOf([model]), "no adapter_config.json"],
  ["no weights", tarOf([config]), "no adapter_model.safetensors"],
  ["a pickle in place of weights", tarOf([config, { path: "adapter_model.bin", content: "x" }]), "no adapter_model"],
  ["a description that is no JSON", tarOf([{ ...config, content: "{" }, model]), "no JSON object"],
  ["a description too long", tarOf([{ ...config, content: Buffer.alloc(1_048_577, 32) }, model]), "are the most"],
  ["a header without end", tarOf([{ path: "long", type: "L", content: Buffer.alloc(5_000_000, 97) }]), "too long"],
  ["a file twice", tarOf([config, model, { ...model, path: "a/adapter_model.safetensors" }]), "twice"],
  ["a path that leads out", tarOf([{ ...config, path: "../adapter_config.json" }, model]), "no adapter_config.json"],
  ["a link", tarOf([{ ...config, type: "2", link: "/etc/passwd", content: "" }, model]), "no adapter_config.json"],
])("fine-tuning 39: %s is refused and leaves nothing behind", async (_, archive, words) => {
  const before = everything();
  await expect(layAdapter(folder, name, inPieces(archive, 1000))).rejects.toThrow(words);
  expect(everything()).toEqual(before);
});

test("fine-tuning 39: two who lay the same adapter at once leave one", async () => {
  const lay = () => layAdapter(folder, name, inPieces(adapterArchive("weights"), 512));
  await Promise.all([lay(), lay(), lay()]);
  expect(fs.readdirSync(folder)).toEqual([name]);
});

test("fine-tuning 39: only adapters of ours are tidied away, and drafts of a process that died", async () => {
  const other = adapterName("ft:small:b", "blb_2");
  for (const made of [name, other, "somebody-elses", `.${name}.1`, `.${name}.2`]) fs.mkdirSync(path.join(folder, made));
  fs.utimesSync(path.join(folder, `.${name}.1`), 0, 0);
  await tidyAdapters(folder, new Set([name]));
  expect(fs.readdirSync(folder).toSorted()).toEqual([`.${name}.2`, name, "somebody-elses"].toSorted());
  expect(await laidIn(folder)).toEqual([name]);
  await tidyAdapters(path.join(folder, "not-there"), new Set());
});
