import http from "node:http";

const messages = [{ role: "user", content: "Say a few words about money." }];

type Answer = { status: number; isWhole: boolean };

/**
 * Clients that ask, one request after the other each, until they are told that the limit is reached: whole answers and
 * streams, with a length of their own and without, and now and then one that leaves in the middle.
 */
export class Crowd {
  /** Answers that arrived whole. */
  complete = 0;
  hungUp = 0;
  /** What should not have happened, such as a status that is none of these. */
  readonly surprises: string[] = [];
  readonly #size: number;
  readonly #secret: string;
  #urls: string[];
  #waiting: { count: number; resolve: () => void }[] = [];
  #asked = 0;

  constructor(urls: string[], secret: string, size: number) {
    this.#urls = urls;
    this.#secret = secret;
    this.#size = size;
  }

  /** From now on no one asks there, and what breaks off there is no surprise. */
  forget(url: string): void {
    this.#urls = this.#urls.filter((known) => known !== url);
  }

  /** Resolves once this many answers have arrived. */
  answers(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
    });
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#size }, () => this.#client()));
    for (const { resolve } of this.#waiting) resolve();
  }

  async #client(): Promise<void> {
    let isOver = false;
    while (!isOver) {
      const number = this.#asked++;
      const url = this.#urls[number % this.#urls.length] ?? "";
      isOver = await this.#ask(url, number).then(
        (answer) => this.#note(answer),
        (error: unknown) => {
          if (this.#urls.includes(url)) this.surprises.push(String(error));
          return false;
        },
      );
    }
  }

  /** Whether the client is done: it was told that the limit is reached. */
  #note({ status, isWhole }: Answer): boolean {
    if (status === 200 && isWhole) this.#count();
    else if (![200, 402, 429].includes(status)) this.surprises.push(`status ${status}`);
    return status === 402;
  }

  #count(): void {
    this.complete++;
    for (const { count, resolve } of this.#waiting) if (this.complete >= count) resolve();
  }

  #ask(url: string, number: number): Promise<Answer> {
    const stream = number % 3 === 0;
    const leaves = number % 17 === 0;
    const body = JSON.stringify({ model: "dear", messages, stream, ...(number % 5 === 0 && { max_tokens: 20 }) });
    const headers = { authorization: `Bearer ${this.#secret}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const request = http.request(`${url}/v1/chat/completions`, { method: "POST", headers }, (response) => {
        const status = response.statusCode ?? 0;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          text += piece;
          if (!leaves || status !== 200) return;
          this.hungUp++;
          request.destroy();
          resolve({ status, isWhole: false });
        });
        response.on("end", () => resolve({ status, isWhole: !stream || text.includes("[DONE]") }));
        response.on("error", reject);
      });
      request.on("error", reject);
      request.end(body);
    });
  }
}
