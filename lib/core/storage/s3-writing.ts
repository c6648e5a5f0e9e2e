import { createHash } from "node:crypto";
import { Fault } from "#lib/core/errors.ts";
import type { Writing } from "./port.ts";
import { type Call, succeeded, textOf } from "./s3-call.ts";

const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 2;

/** Small objects go in one request; larger ones in parts, of which two are under way at a time. */
export class PartWriting implements Writing {
  readonly #call: Call;
  readonly #key: string;
  readonly #tags: string[] = [];
  readonly #running = new Set<Promise<void>>();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  readonly #whole = createHash("md5");
  #upload: string | null = null;
  #failure: unknown = null;

  constructor(call: Call, key: string) {
    this.#call = call;
    this.#key = key;
  }

  async add(part: Uint8Array): Promise<void> {
    this.#whole.update(part);
    for (let at = 0; at < part.length; ) {
      const end = Math.min(part.length, at + partBytes - this.#waitingBytes);
      // Copied, because the giver may use its buffer again.
      this.#waiting.push(Uint8Array.from(part.subarray(at, end)));
      this.#waitingBytes += end - at;
      at = end;
      if (this.#waitingBytes === partBytes) await this.#send();
    }
  }

  async finish(): Promise<void> {
    if (this.#upload === null) {
      await succeeded(await this.#call({ method: "PUT", key: this.#key, body: Buffer.concat(this.#waiting) }));
      return;
    }
    if (this.#waitingBytes > 0) await this.#send();
    await Promise.all(this.#running);
    this.#stopIfFailed();
    await this.#complete(this.#upload);
    this.#upload = null;
  }

  async abort(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#upload === null) return;
    const query = { uploadId: this.#upload };
    this.#upload = null;
    const answer = await this.#call({ method: "DELETE", key: this.#key, query });
    // What is gone needs no giving up, and a service that knows no such call forgets drafts by itself.
    if (answer.status >= 500) await succeeded(answer);
    await answer.body?.cancel();
  }

  async #send(): Promise<void> {
    const body = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#upload ??= await this.#start();
    while (this.#running.size >= partsAtOnce) await Promise.race(this.#running);
    this.#stopIfFailed();
    const number = this.#tags.push("");
    const query = { partNumber: String(number), uploadId: this.#upload };
    const running = this.#put(query, body).then(
      (tag) => {
        this.#tags[number - 1] = tag;
      },
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }

  #stopIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  async #start(): Promise<string> {
    const answer = await succeeded(await this.#call({ method: "POST", key: this.#key, query: { uploads: "" } }));
    const id = textOf(await answer.text(), "UploadId");
    if (id === null) throw new Fault("The bucket named no upload.");
    return id;
  }

  async #put(query: Record<string, string>, body: Uint8Array): Promise<string> {
    const answer = await succeeded(await this.#call({ method: "PUT", key: this.#key, query, body }));
    const tag = answer.headers.get("etag");
    if (tag === null) throw new Fault("The bucket gave a part no tag.");
    return tag;
  }

  async #complete(upload: string): Promise<void> {
    const parts = this.#tags.map((tag, index) => {
      const number = `<PartNumber>${index + 1}</PartNumber>`;
      return `<Part>${number}<ETag>${tag.replaceAll('"', "&quot;")}</ETag></Part>`;
    });
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
    const answer = await this.#call({ method: "POST", key: this.#key, query: { uploadId: upload }, body });
    // The answer to an earlier attempt can be lost: then the upload is gone and the object is whole.
    if (!answer.ok && (await this.#isWhole())) return;
    // S3 answers 200 before it knows, and says so in the text.
    const text = await (await succeeded(answer)).text();
    if (text.includes("<Error>")) throw new Fault(`The bucket could not join the parts: ${text.slice(0, 300)}`);
  }

  /** The tag of an object in parts is the hash of the hashes of its parts; some services hash the whole instead. */
  async #isWhole(): Promise<boolean> {
    const hashes = this.#tags.map((tag) => Buffer.from(bare(tag), "hex"));
    const joined = createHash("md5").update(Buffer.concat(hashes)).digest("hex");
    const answer = await this.#call({ method: "HEAD", key: this.#key });
    const tag = bare(answer.headers.get("etag") ?? "");
    return answer.ok && (tag === `${joined}-${hashes.length}` || tag === this.#whole.digest("hex"));
  }
}

const bare = (tag: string): string => tag.replaceAll('"', "");
