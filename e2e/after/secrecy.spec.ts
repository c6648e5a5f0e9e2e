import fs from "node:fs";
import path from "node:path";
import { demoPassword } from "#db/seed/world.ts";
import { goodPassword } from "#e2e/accounts.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { newCustomer, serverUrl } from "#e2e/server.ts";

const folder = process.env.E2E_DATA_DIR ?? ".data/e2e";
const canary = "xylophone-quince-marmot";

/** The demo's own password, printed at its start for the person who tries it, and nowhere else. */
const greeting = `Everybody's password is ${demoPassword}.`;

/** Everything the processes of this run have written for operators to read. */
function logs(): Record<string, string> {
  const found = fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const files = [
    "test-results/e2e-server.log",
    ...found.filter((name) => name.endsWith(".log")).map((name) => path.join(folder, name)),
  ];
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(name, "utf8").replace(greeting, "")]));
}

test("T-4.2.1-KEY2: no secret of the whole run is in any log: keys, passwords, tokens, prompts", async ({
  request,
}) => {
  const { secret } = await newCustomer();
  const chat = { model: "tiny-chat-1", messages: [{ role: "user", content: canary }] };
  const bearer = { authorization: `Bearer ${secret}` };
  await request.post(`${serverUrl}/v1/chat/completions`, { headers: bearer, data: chat });
  await request.get(`${serverUrl}/v1/models?api_key=${secret}`);
  await request.post(`${serverUrl}/v1/chat/completions`, { headers: bearer, data: { ...chat, user: secret } });
  await request.post(`${serverUrl}/v1/chat/completions`, {
    headers: { authorization: `Bearer ${secret}x` },
    data: "{",
  });
  await request.get(`${serverUrl}/confirm?token=${canary}`);
  const written = logs();
  expect(Object.keys(written).length).toBeGreaterThan(1);
  expect(written["test-results/e2e-server.log"]).not.toBe("");
  const secrets: Record<string, RegExp> = {
    "an API or admin key": /cp[at]_[0-9A-Za-z]{49}/,
    "a webhook's secret": /whsec_[A-Za-z0-9+/=]{20}/,
    "a password": new RegExp(`${goodPassword}|${demoPassword}`),
    "a session's cookie": /session-token=[\w-]+\./,
    "a letter's link": /token=[\w-]{43}/,
    "a prompt": new RegExp(canary),
  };
  for (const [file, text] of Object.entries(written)) {
    for (const [what, pattern] of Object.entries(secrets))
      expect(pattern.exec(text)?.[0], `${what} in ${file}`).toBeUndefined();
  }
});
