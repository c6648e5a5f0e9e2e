import { afterEach, expect, test, vi } from "vitest";
import { KeyEnded } from "#components/playground/stream-chat.ts";
import { type ConversationEvent, eventsOf, openConversation } from "./stream-conversation.ts";

afterEach(() => vi.unstubAllGlobals());

const frame = (event: { type: string } & Record<string, unknown>) =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const delta = (content: string) => frame({ type: "message.output.delta", id: "msg_1", content });

/** An answer whose bytes arrive in these pieces. */
const arriving = (pieces: Uint8Array<ArrayBuffer>[]): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    }),
  );

const saying = (text: string) => arriving([new TextEncoder().encode(text)]);

async function eventsIn(response: Response): Promise<ConversationEvent[]> {
  const events: ConversationEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

const textOf = (events: ConversationEvent[]) =>
  events.map((event) => (event.type === "message.output.delta" ? event.content : "")).join("");

test("events come whole wherever the network cuts them, even inside a letter or between a name and its data", async () => {
  const whole = new TextEncoder().encode(`${delta("é")}${delta("b")}`);
  for (let cut = 1; cut < whole.length; cut++) {
    expect(textOf(await eventsIn(arriving([whole.slice(0, cut), whole.slice(cut)])))).toBe("éb");
  }
});

test("comments and CRLF are no events, and what an answer cost comes with its last", async () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const done = { type: "conversation.response.done", usage, cost_eur: "0.000012345" };
  const events = await eventsIn(saying(`: ping\r\n\r\n${`${delta("a")}${frame(done)}`.replaceAll("\n", "\r\n")}`));
  expect(events).toHaveLength(2);
  expect(events.at(-1)).toEqual(done);
});

test("an error inside the stream is thrown in its own words, after what came before it", async () => {
  const events = eventsOf(
    saying(delta("a") + frame({ type: "conversation.response.error", message: "The model went away.", code: 503 })),
  );
  expect((await events.next()).value).toMatchObject({ content: "a" });
  await expect(events.next()).rejects.toThrow("The model went away.");
});

test("what is asked goes out with the key alone, no cookies, and mentions call agents", async () => {
  const asked = vi.fn(async (_path: string, _init: RequestInit) => new Response("{}"));
  vi.stubGlobal("fetch", asked);
  await openConversation("/v1/conversations", { inputs: "Hi" }, "cpt_x", new AbortController().signal);
  const [path, init] = asked.mock.calls[0] ?? [];
  expect(path).toBe("/v1/conversations");
  expect(init).toMatchObject({ method: "POST", credentials: "omit", body: '{"inputs":"Hi"}' });
  const sent = new Headers(init?.headers);
  expect(sent.get("authorization")).toBe("Bearer cpt_x");
  expect(sent.get("x-agent-mentions")).toBe("on");
});

test("an ended key is told apart from every other refusal, which speaks for itself", async () => {
  const { signal } = new AbortController();
  vi.stubGlobal("fetch", async () => new Response('{"message":"No such key."}', { status: 401 }));
  await expect(openConversation("/v1/conversations", {}, "cpt_x", signal)).rejects.toBeInstanceOf(KeyEnded);
  vi.stubGlobal("fetch", async () => new Response('{"message":"There is no agent ag_1 here."}', { status: 404 }));
  await expect(openConversation("/v1/conversations", {}, "cpt_x", signal)).rejects.toThrow("There is no agent ag_1");
});
