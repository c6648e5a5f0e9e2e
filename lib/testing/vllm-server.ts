import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

/** How a server lies or fails when an adapter is to be loaded or dropped, or its models are listed. */
export type VllmFault = "500" | "hang" | "huge" | "already" | "other-name" | "silent-success" | "drop";

export type VllmCall = { method: string; path: string; body: Record<string, unknown> };

/** A vLLM server in this process: it loads what lies in its folder, and knows of it until it is started again. */
export class VllmServer {
  readonly calls: VllmCall[] = [];
  /** Adapters by their names, and the text that their weights hold. */
  readonly adapters = new Map<string, string>();
  fault: (call: VllmCall) => VllmFault | undefined = () => undefined;
  /** What an answer waits for. */
  until: (call: VllmCall) => Promise<void> = async () => undefined;
  url = "";
  #server: http.Server | undefined;
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async start(port = 0): Promise<this> {
    const server = http.createServer((request, response) => void this.#take(request, response));
    await new Promise<void>((resolve) => {
      server.listen(port, "127.0.0.1", resolve);
    });
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    return this;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** What it was told to load is gone with its memory. */
  restart(): void {
    this.adapters.clear();
  }

  asked(name: string): VllmCall[] {
    return this.calls.filter((call) => call.path.endsWith(name));
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString("utf8");
    const call = { method: request.method ?? "", path: request.url ?? "", body: text === "" ? {} : JSON.parse(text) };
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault === "hang") return;
    if (fault === "drop") return void response.destroy();
    if (fault === "huge") return void this.#flood(response);
    if (fault === "500") return void response.writeHead(500).end("Internal Server Error");
    if (fault === "silent-success") return void response.writeHead(200).end("Success");
    if (fault === "already")
      return void refuse(response, 400, `The lora adapter '${call.body.lora_name}' has already been loaded.`);
    await this.until(call);
    if (fault === "other-name") call.body = { ...call.body, lora_name: "another-name" };
    this.#answer(call, response);
  }

  /** More than anyone should read. */
  #flood(response: http.ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    const piece = Buffer.alloc(1_000_000, 0x20);
    const more = (): void => {
      if (response.destroyed) return;
      if (response.write(piece)) setImmediate(more);
      else response.once("drain", more);
    };
    more();
  }

  #answer({ path: place, body }: VllmCall, response: http.ServerResponse): void {
    if (place === "/v1/models") return void this.#list(response);
    if (place === "/v1/load_lora_adapter") return void this.#load(body, response);
    if (place === "/v1/unload_lora_adapter") return void this.#unload(body, response);
    this.#chat(body, response);
  }

  #list(response: http.ServerResponse): void {
    const data = [this.#base, ...this.adapters.keys()].map((id) => ({ id, object: "model", owned_by: "vllm" }));
    send(response, { object: "list", data });
  }

  #load({ lora_name: name, lora_path: folder }: Record<string, unknown>, response: http.ServerResponse): void {
    const file = path.join(String(folder), "adapter_model.safetensors");
    if (!fs.existsSync(file))
      return void refuse(response, 404, `Loading lora ${name} failed: No adapter found for ${folder}`);
    if (this.adapters.has(String(name)))
      return void refuse(response, 400, `The lora adapter '${name}' has already been loaded.`);
    this.adapters.set(String(name), fs.readFileSync(file, "utf8"));
    response.writeHead(200).end(`Success: LoRA adapter '${name}' added successfully.`);
  }

  #unload({ lora_name: name }: Record<string, unknown>, response: http.ServerResponse): void {
    if (!this.adapters.delete(String(name)))
      return void refuse(response, 404, `The lora adapter '${name}' cannot be found.`);
    response.writeHead(200).end(`Success: LoRA adapter '${name}' removed successfully.`);
  }

  #chat({ model, stream }: Record<string, unknown>, response: http.ServerResponse): void {
    const content = model === this.#base ? "the base" : this.adapters.get(String(model));
    if (content === undefined) return void refuse(response, 404, `The model \`${model}\` does not exist.`);
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const common = { id: "chatcmpl-1", created: 1, model };
    const message = { role: "assistant", content };
    if (stream !== true) {
      const choices = [{ index: 0, message, finish_reason: "stop" }];
      return void send(response, { ...common, object: "chat.completion", choices, usage });
    }
    const choices = [{ index: 0, delta: message, finish_reason: "stop" }];
    const event = { ...common, object: "chat.completion.chunk", choices, usage };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  }
}

function send(response: http.ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: http.ServerResponse, code: number, message: string): void {
  const body = {
    object: "error",
    message,
    type: code === 404 ? "NotFoundError" : "BadRequestError",
    param: null,
    code,
  };
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}
