import { createHash, createHmac } from "node:crypto";
import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import S3rver from "s3rver";

/** For tests: a customer's bucket, which recomputes every signature, behind a door that can answer in its place. */
export class CustomerBucket {
  url = "";
  readonly names: string[] = [];
  /** A status in place of the bucket's answer, or no answer after it did its work; null lets a call through. */
  fault: (ask: { method: string; name: string }) => number | "lost" | null = () => null;
  #home = "";
  #bucket: S3rver | undefined;
  #behind = 0;
  readonly #door = http.createServer((ask, answer) => void this.#pass(ask, answer));

  async start(): Promise<this> {
    this.#home = await fs.mkdtemp(path.join(os.tmpdir(), "customer-bucket-"));
    this.#bucket = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory: this.#home,
      configureBuckets: [{ name: "usage", configs: [] }],
    });
    this.#behind = (await this.#bucket.run()).port;
    await new Promise<void>((resolve) => this.#door.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#door.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#door.closeAllConnections();
    await new Promise((resolve) => this.#door.close(resolve));
    await this.#bucket?.close();
    await fs.rm(this.#home, { recursive: true, force: true });
  }

  reset(): void {
    this.names.length = 0;
    this.fault = () => null;
  }

  /** What the form of the connection asks for. */
  get form() {
    const keys = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
    return { endpoint: this.url, region: "eu-west-3", bucket: "usage", prefix: "comptoir", ...keys };
  }

  async bytes(name: string): Promise<Buffer> {
    return fs.readFile(path.join(this.#home, "usage", `${name}._S3rver_object`));
  }

  /** The lines of a file of usage. */
  async lines(name: string): Promise<Record<string, unknown>[]> {
    const text = gunzipSync(await this.bytes(name)).toString();
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  async #pass(ask: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of ask) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const name = decodeURIComponent((ask.url ?? "").replace(/^\/usage\//, ""));
    const fault = this.fault({ method: ask.method ?? "", name });
    const wrong = isSigned(ask, body) ? fault : "unsigned";
    if (typeof wrong === "number") return void answer.writeHead(wrong).end("<Error><Code>SlowDown</Code></Error>");
    if (wrong === "unsigned")
      return void answer.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    if (ask.method === "PUT") this.names.push(name);
    const { method, url, headers } = ask;
    const on = http.request({ port: this.#behind, host: "127.0.0.1", method, path: url, headers });
    on.on("response", (came) => {
      if (wrong === "lost") came.resume().on("end", () => ask.socket.destroy());
      else came.pipe(answer.writeHead(came.statusCode ?? 500, came.headers));
    });
    on.end(body);
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

const authorization =
  /^AWS4-HMAC-SHA256 Credential=S3RVER\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** Signature version 4, computed again from what arrived, with the secret that the bucket knows. */
function isSigned({ method, url = "", headers }: http.IncomingMessage, body: Buffer): boolean {
  const [, day = "", region = "", signed = "", signature] = authorization.exec(headers.authorization ?? "") ?? [];
  if (headers["x-amz-content-sha256"] !== sha256(body)) return false;
  const encoded = encodeURIComponent(decodeURIComponent(url)).replaceAll("%2F", "/");
  const lines = signed.split(";").map((name) => `${name}:${headers[name]}\n`);
  const request = [method, encoded, "", lines.join(""), signed, sha256(body)].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(request)].join("\n");
  const key = ["s3", "aws4_request"].reduce<Buffer>(hmac, hmac(hmac("AWS4S3RVER", day), region));
  return hmac(key, text).toString("hex") === signature;
}
