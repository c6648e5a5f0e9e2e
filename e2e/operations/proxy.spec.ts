import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { freePort } from "#db/embedded.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { adminOf, launch, ready, type ServerProcess, stop } from "./server-process.ts";

/** nginx as people set it up who read nothing, and as the documentation says. */
const bare = "server { listen PORT; location / { proxy_pass http://127.0.0.1:TARGET; } }";
const documented = fs
  .readFileSync("docs/proxies.md", "utf8")
  .split("```nginx\n")[1]
  ?.split("```")[0]
  ?.replace("listen 443 ssl", "listen PORT")
  .replace(/ssl_certificate.*\n/g, "\n")
  .replace("127.0.0.1:3000", "127.0.0.1:TARGET");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-nginx-"));
let nginx: ChildProcess | undefined;
let server: ServerProcess | undefined;

async function startNginx(block: string, port: number, target: string): Promise<void> {
  const program = process.env.TEST_NGINX;
  if (!program) throw new Error("No nginx was found: set TEST_NGINX to one, as npm test does.");
  const file = path.join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder};`);
  const http = block.replaceAll("TARGET", target).replaceAll("PORT", `127.0.0.1:${port}`);
  const settings = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}`;
  fs.writeFileSync(file, `${settings} http { access_log off; ${temporary.join(" ")} ${http} }`);
  nginx = spawn(program, ["-p", folder, "-c", file], { stdio: "inherit" });
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
}

test.describe.configure({ mode: "serial", timeout: 180_000 });

let upstream: FakeUpstream;
let own = "";
let port = 0;

test.beforeAll(async () => {
  upstream = await startFakeUpstream({ answer: { text: ["First."], failure: "hang-in-stream" } });
  port = await freePort();
  own = `http://localhost:${port}`;
  const models = [{ id: "slow", price: { input: 1, output: 1 } }];
  const UPSTREAMS = JSON.stringify([{ id: "fake", url: upstream.url, models }]);
  server = await launch({ env: { PUBLIC_URL: own, TRUSTED_PROXIES: "1", UPSTREAMS } });
  await ready(server);
});
test.afterEach(async () => {
  const ended = nginx && once(nginx, "exit");
  nginx?.kill("SIGTERM");
  await ended;
});
test.afterAll(async () => {
  await upstream.close();
  if (server) await stop(server);
  for (const one of [folder, server?.folder]) if (one) fs.rmSync(one, { recursive: true, force: true });
});

for (const [how, block] of [
  ["as it comes", bare],
  ["as documented", documented ?? ""],
] as const) {
  test(`behind nginx ${how}, people sign in, and a stream arrives piece by piece`, async ({ page }) => {
    if (!server) throw new Error("There is no server.");
    await startNginx(block, port, new URL(server.listening).port);

    await page.goto(`${own}/sign-in`);
    await page.getByLabel("E-mail").fill("owner@example.com");
    await page.getByLabel("Password").fill("counter-and-ledger");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/ws_/);
    expect(new URL(page.url()).origin).toBe(own);

    const admin = adminOf(server.folder);
    const owner = `${how.replaceAll(" ", "-")}@example.com`;
    const place = await admin("organization", "create", "--name", "N", "--owner-email", owner, "--plan", "paid");
    const { secret } = await admin("key", "create", "--workspace", place.workspaceId, "--name", "n");
    const answer = await fetch(`${own}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "slow", stream: true, messages: [{ role: "user", content: "Hello" }] }),
    });
    // The upstream says nothing more: what arrives now was not held back for an end.
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain("First.");
    await reader?.cancel();
  });
}
