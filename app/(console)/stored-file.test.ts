import { expect, test } from "vitest";
import { storage } from "#lib/core/storage/storage.ts";
import { storedFile } from "./stored-file.ts";

const key = `tests/stored-file-${process.pid}`;

test("a file of a customer is kept under its name, never shown, sniffed or cached", async () => {
  await storage().write(key, [Buffer.from("<script>alert(1)</script>")]);
  try {
    const answer = await storedFile({ key, name: 'März "1".csv', type: "text/csv" });
    expect(Object.fromEntries(answer.headers)).toEqual({
      "content-type": "text/csv",
      "content-length": "25",
      "content-disposition": "attachment; filename=\"M_rz _1_.csv\"; filename*=UTF-8''M%C3%A4rz%20%221%22.csv",
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(await answer.text()).toBe("<script>alert(1)</script>");
  } finally {
    await storage().remove(key);
  }
});

test("a file that is gone is said to be, before anything is sent", async () => {
  await expect(storedFile({ key: `${key}-gone`, name: "a.csv", type: "text/csv" })).rejects.toMatchObject({
    problem: "unavailable",
  });
});
