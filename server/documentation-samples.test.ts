import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { now } from "#lib/core/clock.ts";
import { fencesOf } from "#lib/core/documentation/markdown.ts";
import { documentationPage } from "#lib/core/documentation/pages.ts";
import { bodyOf, secretText, signatureOf } from "#lib/core/webhooks/events.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "documentation-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const sampleOf = (language: string): string =>
  fencesOf(documentationPage("webhooks")?.body ?? "").find(
    (one) => one.language === language && one.words.includes("verify"),
  )?.code ?? "";

const secret = Buffer.alloc(32, 9);
const other = Buffer.alloc(32, 5);
const id = "evt_01j9x0v3h8e4t2r6y7k5m1n0pq";
const at = Math.floor(now().getTime() / 1000);
// A body with letters beyond ASCII, as names have them.
const body = bodyOf({ type: "limit.reached", at: now(), data: { name: "Žofie’s € limit" } });

type Delivery = { headers: Record<string, string>; body: string; secret: string };
const delivery = (seconds: number, secrets: readonly Buffer[], change: Partial<Delivery> = {}): Delivery => ({
  headers: {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatureOf(secrets, id, seconds, body),
  },
  body,
  secret: secretText(secret),
  ...change,
});

const deliveries: Record<string, { given: Delivery; isOurs: boolean }> = {
  "one of ours": { given: delivery(at, [secret]), isOurs: true },
  "one signed with two secrets after a rotation": { given: delivery(at, [other, secret]), isOurs: true },
  "one signed with another secret": { given: delivery(at, [other]), isOurs: false },
  "one that is six minutes old": { given: delivery(at - 360, [secret]), isOurs: false },
  "one from six minutes ahead": { given: delivery(at + 360, [secret]), isOurs: false },
  "one whose body was changed": { given: delivery(at, [secret], { body: body.replace("€", "$") }), isOurs: false },
  "one without headers": { given: delivery(at, [secret], { headers: {} }), isOurs: false },
  "one whose time was changed": {
    given: {
      ...delivery(at - 3600, [secret]),
      headers: { ...delivery(at - 3600, [secret]).headers, "webhook-timestamp": String(at) },
    },
    isOurs: false,
  },
  "one whose time is no number": {
    given: { ...delivery(at, [secret]), headers: { ...delivery(at, [secret]).headers, "webhook-timestamp": "soon" } },
    isOurs: false,
  },
};

/** Writes the sample once with what tries it, and says how it is run. */
const programs: Readonly<Record<string, () => readonly string[]>> = {
  js: () => {
    const file = path.join(folder, "verify.mjs");
    fs.writeFileSync(
      file,
      `${sampleOf("js")}\nconst { headers, body, secret } = JSON.parse(process.argv[2]);\nverify(headers, body, secret);\n`,
    );
    return [process.execPath, file];
  },
  python: () => {
    const file = path.join(folder, "verify.py");
    fs.writeFileSync(
      file,
      `${sampleOf("python")}\nimport sys\ngiven = json.loads(sys.argv[1])\nverify(given["headers"], given["body"], given["secret"])\n`,
    );
    return ["python3", file];
  },
  go: () => {
    const place = path.join(folder, "go");
    fs.mkdirSync(path.join(place, "webhook"), { recursive: true });
    fs.writeFileSync(path.join(place, "go.mod"), "module sample\n\ngo 1.20\n");
    fs.writeFileSync(path.join(place, "webhook", "verify.go"), sampleOf("go"));
    fs.writeFileSync(path.join(place, "main.go"), goMain);
    const program = path.join(place, "sample");
    execFileSync("go", ["build", "-o", program, "."], { cwd: place, env: { ...process.env, GOFLAGS: "-mod=mod" } });
    return [program];
  },
};

const goMain = `package main

import (
	"encoding/json"
	"net/http"
	"os"
	"sample/webhook"
)

func main() {
	var given struct {
		Headers map[string]string
		Body    string
		Secret  string
	}
	if json.Unmarshal([]byte(os.Args[1]), &given) != nil {
		os.Exit(2)
	}
	headers := http.Header{}
	for name, value := range given.Headers {
		headers.Set(name, value)
	}
	if webhook.Verify(headers, []byte(given.Body), given.Secret) != nil {
		os.Exit(1)
	}
}
`;

const names = { js: "Node", python: "Python", go: "Go" } as const;
const tools = { js: [process.execPath, "--version"], python: ["python3", "--version"], go: ["go", "version"] } as const;

for (const [language, [tool, ...words]] of Object.entries(tools)) {
  const isThere = spawnSync(tool, words).status === 0;
  const name = names[language as keyof typeof names];
  if (!isThere) console.info(`Not tried: how ${name} verifies a webhook, because there is no ${tool} here.`);
  describe.skipIf(!isThere)(
    `contract 44: the documentation's sample in ${name}${isThere ? "" : ` (skipped: no ${tool} here)`}`,
    () => {
      const command = isThere ? (programs[language]?.() ?? []) : [];
      test.each(Object.entries(deliveries))("judges %s as the signature says", (_, { given, isOurs }) => {
        const [program = "", ...args] = command;
        const { status, stderr } = spawnSync(program, [...args, JSON.stringify(given)], { encoding: "utf8" });
        expect([status === 0, stderr === "" || !isOurs]).toEqual([isOurs, true]);
      });
    },
  );
}
