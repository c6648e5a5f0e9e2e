import { randomUUID } from "node:crypto";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFolder } from "./folder.ts";
import type { Range, Storage } from "./port.ts";
import { createBucket } from "./s3.ts";
import { storage } from "./storage.ts";

const mebibyte = 1024 * 1024;
const home = await fs.mkdtemp(path.join(os.tmpdir(), "storage-"));
const server = new S3rver({
  port: 0,
  address: "127.0.0.1",
  silent: true,
  directory: path.join(home, "s3"),
  configureBuckets: [{ name: "files", configs: [] }],
});

/** Stands before the bucket and answers as a fault says: null lets a call through. */
let fault: (ask: { method: string; url: string }) => number | "lost" | null = () => null;
const door = http.createServer((ask, answer) => {
  const wrong = fault({ method: ask.method ?? "", url: ask.url ?? "" });
  if (typeof wrong === "number") {
    ask.resume().on("end", () => answer.writeHead(wrong).end("<Error><Code>SlowDown</Code></Error>"));
    return;
  }
  const { port } = behind;
  const on = http.request({ port, host: "127.0.0.1", method: ask.method, path: ask.url, headers: ask.headers });
  on.on("response", (came) => {
    if (wrong === "lost") came.resume().on("end", () => ask.socket.destroy());
    else came.pipe(answer.writeHead(came.statusCode ?? 500, came.headers));
  });
  ask.pipe(on);
});
let behind: AddressInfo;
let bucket: Storage;
const folder = createFolder(path.join(home, "folder"));

beforeAll(async () => {
  behind = await server.run();
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const { port } = door.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/files`;
  bucket = createBucket({ url, region: "eu-west-3", keyId: "S3RVER", secret: "S3RVER" });
});

afterAll(async () => {
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await server.close();
  await fs.rm(home, { recursive: true, force: true });
});

const kinds: [string, () => Storage][] = [
  ["a folder", () => folder],
  ["a bucket", () => bucket],
];

async function bytes(storage: Storage, key: string, range?: Range): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of await storage.read(key, range)) parts.push(part);
  return Buffer.concat(parts);
}

async function listed(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys.toSorted();
}

const some = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * 31 + 7) % 251));

describe.each(kinds)("%s", (_, storageOf) => {
  test("gives back what was written, in any cut of pieces", async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, async (given) => {
        const key = `any/${randomUUID()}`;
        await storageOf().write(key, given);
        const whole = Buffer.concat(given);
        expect(await bytes(storageOf(), key)).toEqual(whole);
        expect(await storageOf().size(key)).toBe(whole.length);
      }),
      { numRuns: 15 },
    );
  });

  test("gives back the bytes of a range, both ends counted", async () => {
    const whole = some(1000);
    await storageOf().write("range.bin", [whole]);
    const ends = fc.tuple(fc.nat(1200), fc.option(fc.nat(1200), { nil: undefined }));
    await fc.assert(
      fc.asyncProperty(ends, async ([first, length]) => {
        const range = length === undefined ? { first } : { first, last: first + length };
        const expected = whole.subarray(first, length === undefined ? undefined : first + length + 1);
        expect(await bytes(storageOf(), "range.bin", range)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test("gives back no more than the first byte to who asks for it alone", async () => {
    await storageOf().write("first.bin", [some(10)]);
    expect(await bytes(storageOf(), "first.bin", { first: 0, last: 0 })).toEqual(some(10).subarray(0, 1));
  });

  test("keeps 20 MiB that came in odd pieces, and a part given in a buffer that is used again", async () => {
    const whole = Buffer.alloc(20 * mebibyte + 5, "abcdefg");
    const writing = await storageOf().begin("large.bin");
    const buffer = Buffer.alloc(3 * mebibyte + 1);
    for (let at = 0; at < whole.length; at += buffer.length) {
      const length = whole.copy(buffer, 0, at);
      await writing.add(buffer.subarray(0, length));
      buffer.fill(0);
    }
    await writing.finish();
    expect((await bytes(storageOf(), "large.bin")).equals(whole)).toBe(true);
  });

  test("shows nothing before the end, and an abort leaves what was there", async () => {
    await storageOf().write("kept.txt", [Buffer.from("before")]);
    for (const length of [10, 9 * mebibyte]) {
      const writing = await storageOf().begin("kept.txt");
      await writing.add(Buffer.alloc(length));
      expect((await bytes(storageOf(), "kept.txt")).toString()).toBe("before");
      await writing.abort();
      await writing.abort();
    }
    const broken = async function* () {
      yield Buffer.alloc(9 * mebibyte);
      throw new Error("The sender is gone.");
    };
    await expect(storageOf().write("kept.txt", broken())).rejects.toThrow("The sender is gone.");
    expect((await bytes(storageOf(), "kept.txt")).toString()).toBe("before");
  });

  test("what is not there has no size, is removed already and is refused before the first byte", async () => {
    await storageOf().write("here/one.txt", []);
    for (const key of ["gone.txt", "here", "here/one.txt/below"]) {
      expect(await storageOf().size(key)).toBeNull();
      await storageOf().remove(key === "here" ? "nothing" : key);
      await expect(storageOf().read(key)).rejects.toMatchObject({ problem: "not_found" });
    }
    await storageOf().remove("here/one.txt");
    expect(await storageOf().size("here/one.txt")).toBeNull();
  });

  test("lists the keys of a prefix, and no drafts", async () => {
    const keys = ["list/a-1.txt", "list/a.txt", "list/a/2.txt", "list/b/c/3.txt", "list0.txt"];
    for (const key of keys) await storageOf().write(key, [Buffer.from(key)]);
    const draft = await storageOf().begin("list/draft.txt");
    await draft.add(Buffer.from("draft"));
    expect(await listed(storageOf(), "list/")).toEqual(keys.slice(0, 4).toSorted());
    expect(await listed(storageOf(), "list/a")).toEqual(keys.slice(0, 3).toSorted());
    expect(await listed(storageOf(), "list/b/c")).toEqual(["list/b/c/3.txt"]);
    expect(await listed(storageOf(), "nothing/")).toEqual([]);
    await draft.abort();
  });

  test("no key leads out of it", async () => {
    const bad = [
      "",
      "/etc/passwd",
      "../a",
      "a/../b",
      "a//b",
      "a/",
      ".drafts/a",
      "a\u0000",
      "a\\b",
      "a b",
      "a?b",
      "a#b",
      "a%2fb",
      "é",
    ];
    for (const key of [...bad, "a".repeat(600)]) {
      await expect(storageOf().read(key), key).rejects.toThrow("is no key");
      await expect(storageOf().begin(key), key).rejects.toThrow("is no key");
      await expect(storageOf().size(key), key).rejects.toThrow("is no key");
      await expect(storageOf().remove(key), key).rejects.toThrow("is no key");
    }
    await expect(listed(storageOf(), "../")).rejects.toThrow("is no key");
  });

  test("of two writers at once the object is one's or the other's, whole", async () => {
    const two = [Buffer.alloc(9 * mebibyte, "a"), Buffer.alloc(9 * mebibyte, "b")];
    await Promise.all(two.map((whole) => storageOf().write("both.bin", [whole])));
    const kept = await bytes(storageOf(), "both.bin");
    expect(two.some((whole) => whole.equals(kept))).toBe(true);
  });
});

describe("a bucket that fails", () => {
  /** Fails the first so many calls of a kind. */
  const failing = (count: number, with_: number | "lost", of: RegExp) => {
    let left = count;
    fault = ({ method, url }) => (of.test(`${method} ${url}`) && left-- > 0 ? with_ : null);
  };

  test.each([503, 500, 429])("with %s is asked again, and the object is whole", async (with_) => {
    const whole = Buffer.alloc(9 * mebibyte, "x");
    for (const of of [/^PUT/, /^POST .*uploads/, /^POST .*uploadId/, /^GET/, /^HEAD/]) {
      failing(2, with_, of);
      await bucket.write("again.bin", [whole]);
      expect((await bytes(bucket, "again.bin")).equals(whole)).toBe(true);
      expect(await bucket.size("again.bin")).toBe(whole.length);
    }
    fault = () => null;
  });

  test("whose answers are lost is asked again; an upload that was joined already is the object", async () => {
    const whole = Buffer.alloc(9 * mebibyte, "y");
    let joins = 0;
    const lost = new Set<string>();
    fault = ({ method, url }) => {
      if (method === "POST" && url.includes("uploadId")) return joins++ === 0 ? "lost" : 404;
      const call = `${method} ${url}`;
      return lost.has(call) || !lost.add(call) ? null : "lost";
    };
    await bucket.write("lost.bin", [whole]);
    expect(joins).toBe(2);
    expect((await bytes(bucket, "lost.bin")).equals(whole)).toBe(true);
    fault = ({ method, url }) => (method === "POST" && url.includes("uploadId") ? 404 : null);
    await expect(bucket.write("lost.bin", [Buffer.alloc(9 * mebibyte, "z")])).rejects.toThrow("answered 404");
    fault = () => null;
    expect((await bytes(bucket, "lost.bin")).equals(whole)).toBe(true);
  });

  test("for good, the write is refused and the parts are given up", async () => {
    const calls: string[] = [];
    fault = ({ method, url }) => {
      calls.push(`${method} ${url}`);
      return /partNumber=2/.test(url) ? 503 : null;
    };
    await expect(bucket.write("never.bin", [Buffer.alloc(17 * mebibyte)])).rejects.toThrow("The bucket answered 503");
    fault = () => null;
    expect(calls.some((call) => /^DELETE .*uploadId=/.test(call))).toBe(true);
    expect(await bucket.size("never.bin")).toBeNull();
  });

  test("with a refusal is not asked again", async () => {
    let calls = 0;
    fault = () => {
      calls += 1;
      return 403;
    };
    await expect(bucket.write("refused.txt", [])).rejects.toThrow("The bucket answered 403");
    fault = () => null;
    expect(calls).toBe(1);
  });
});

test("a folder leaves no draft behind, and its files are for its owner only", async () => {
  await folder.write("one/two/three.txt", [Buffer.from("x")]);
  const stopped = await folder.begin("one/stopped.txt");
  await stopped.abort();
  expect(await fs.readdir(path.join(home, "folder", ".drafts"))).toEqual([]);
  expect((await fs.stat(path.join(home, "folder/one/two/three.txt"))).mode & 0o077).toBe(0);
});

test("without a bucket files are kept in the folder of the installation, and of one kind for the process", () => {
  expect(Object.keys(storage()).toSorted()).toEqual(Object.keys(folder).toSorted());
  expect(storage()).toBe(storage());
});

test("a folder sweeps the drafts that a dead process left, and none that is being written", async () => {
  const drafts = path.join(home, "swept/.drafts");
  await fs.mkdir(drafts, { recursive: true });
  const made = await fs.stat(drafts);
  for (const [name, hours] of [
    ["dead", 25],
    ["alive", 23],
  ] as const) {
    await fs.writeFile(path.join(drafts, name), "x");
    const at = made.mtimeMs / 1000 - hours * 3600;
    await fs.utimes(path.join(drafts, name), at, at);
  }
  await createFolder(path.join(home, "swept")).write("one.txt", []);
  expect(await fs.readdir(drafts)).toEqual(["alive"]);
});
