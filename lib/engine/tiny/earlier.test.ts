import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundled } from "#lib/testing/bundles.ts";
import { chatRequest, never } from "#lib/testing/engine-requests.ts";
import { butlerTask, isInStyle, unseen } from "#lib/testing/lessons.ts";
import { testBase, testCacheDir } from "#lib/testing/tiny-model.ts";
import { lastOf, runTraining, tunedOf } from "#lib/testing/tuned-models.ts";
import { earlierBases, loadBase } from "./base.ts";
import { createTinyEngine } from "./engine.ts";
import { baseCorpus } from "./samples.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-earlier-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

test("fine-tuning 15: what was tuned from an earlier base answers as it did while that is kept whole, and says so once it is not", async () => {
  const { dialogues, programs } = baseCorpus();
  const earlier = await loadBase(folder, { dialogues: dialogues.slice(3), programs });
  expect(earlier.version).not.toBe(testBase.version);
  const { bytes } = lastOf((await runTraining(butlerTask(), [], earlier)).checkpoints);
  for (const name of fs.readdirSync(testCacheDir))
    fs.copyFileSync(path.join(testCacheDir, name), path.join(folder, name));
  const bundles = await bundled({ "tiny-worker": "lib/engine/tiny/worker.ts" });
  const workerFile = bundles.file("tiny-worker");

  const answerOf = async (question: string) => {
    const engine = createTinyEngine({ workerFile, cacheDir: folder, tunedBytes: 64_000_000 });
    const request = chatRequest(question, { tuned: tunedOf("ft:earlier", bytes), sampling: { temperature: 0 } });
    try {
      return (await engine.complete(request, never())).choices[0]?.message.content ?? "";
    } finally {
      await engine.close();
    }
  };
  const [asked] = unseen;
  expect(isInStyle(await answerOf(asked?.question ?? ""))).toBe(true);
  expect((await earlierBases(folder, testBase.version)).map(({ version }) => version)).toEqual([earlier.version]);

  const corpus = path.join(folder, `tiny-chat-1-${earlier.version}.corpus.json`);
  fs.writeFileSync(corpus, fs.readFileSync(corpus, "utf8").replace("the", "teh"));
  expect(await earlierBases(folder, testBase.version)).toEqual([]);
  await expect(answerOf("hello")).rejects.toMatchObject({ code: "unavailable_base" });
  await bundles.remove();
});
