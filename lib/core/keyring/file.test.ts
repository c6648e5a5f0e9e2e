import { randomBytes } from "node:crypto";
import fs from "node:fs";
import promises from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
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

test("where a file can have one name only, the bytes of the document before are written over all the same", async () => {
  const name = place();
  const store = keyringFile(name);
  await store.write(Buffer.from("before"));
  const old = fs.openSync(name, "r");
  const link = vi.spyOn(promises, "link").mockRejectedValue(Object.assign(new Error("no"), { code: "ENOTSUP" }));
  await store.write(Buffer.from("after"));
  link.mockRestore();
  expect(String(await store.read())).toBe("after");
  expect(fs.readFileSync(old).includes("before")).toBe(false);
  fs.closeSync(old);
  expect(fs.readdirSync(path.dirname(name))).toEqual(["keyring"]);
});

/** What the file system is asked for, in the names of the calls that may fail. */
const steps = ["mkdir", "readdir", "open", "link", "rename", "rm"] as const;
const handleSteps = ["writeFile", "sync", "stat", "write"] as const;

test("help-zdr 23: whichever step of writing is the last one that happens, what is read is whole, and the next writer tidies up", async () => {
  const probe = await promises.open(path.join(folder, "probe"), "w");
  const handle: Record<string, (...given: never[]) => Promise<unknown>> = Object.getPrototypeOf(probe);
  await probe.close();
  /** Whether it was done before so many steps had passed. */
  const cutOff = async (write: () => Promise<void>, survived: number): Promise<boolean> => {
    let left = survived;
    const failing = async (call: () => unknown) => {
      if (left-- <= 0) throw new Error("cut off");
      return call();
    };
    const spies = [
      ...steps.map((step) => {
        const real: (...given: never[]) => unknown = promises[step];
        const failed = (...given: unknown[]) => failing(() => real(...(given as never[])));
        return vi.spyOn(promises, step).mockImplementation(failed as never);
      }),
      ...handleSteps.map((step) => {
        const real = handle[step] as (...given: never[]) => unknown;
        return vi.spyOn(handle, step).mockImplementation(function (this: unknown, ...given: never[]) {
          return failing(() => real.apply(this, given));
        });
      }),
    ];
    const isDone = await write().then(
      () => true,
      () => false,
    );
    for (const spy of spies) spy.mockRestore();
    return isDone;
  };
  for (let survived = 0, isDone = false; !isDone; survived++) {
    const name = place();
    const store = keyringFile(name);
    await store.write(Buffer.from("before"));
    const old = fs.openSync(name, "r");
    isDone = await cutOff(() => store.write(Buffer.from("after")), survived);
    expect(["before", "after"]).toContain(String(await store.read()));
    // The next one has no luck either.
    await cutOff(() => store.write(Buffer.from("again")), (survived * 7) % 20);
    expect(["before", "after", "again"]).toContain(String(await store.read()));
    await store.write(Buffer.from("next"));
    expect(String(await store.read())).toBe("next");
    expect(fs.readdirSync(path.dirname(name))).toEqual(["keyring"]);
    // Also the bytes of a document that was replaced by a writer who did not live to write over them.
    expect(fs.readFileSync(old).includes("before")).toBe(false);
    fs.closeSync(old);
    if (isDone) expect(survived).toBeGreaterThan(10);
  }
});
