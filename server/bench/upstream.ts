import net from "node:net";

const completion = JSON.stringify({
  id: "bench",
  object: "chat.completion",
  created: 1,
  model: "bench",
  choices: [
    { index: 0, message: { role: "assistant", content: "The capital of France is Paris." }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 },
});
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${completion.length}\r\n\r\n${completion}`,
);

/**
 * An inference server that costs next to nothing, so that only what stands in front is measured: it answers at once, or
 * after `delayMs`.
 */
export function openUpstream(delayMs: number): Promise<number> {
  return serve((socket) => {
    if (delayMs === 0) socket.write(answer);
    else setTimeout(() => socket.write(answer), delayMs);
  });
}

/** Frames of a stream, the first at once and the others at this pace. */
export const framesInStream = 20;
const paceMs = 20;

const chunkOf = (delta: object, finish: string | null): string => {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: "bench", object: "chat.completion.chunk", created: 1, model: "bench", choices })}\n\n`;
};
const usage = { prompt_tokens: 12, completion_tokens: framesInStream, total_tokens: 12 + framesInStream };
const last = `${chunkOf({}, "stop")}data: ${JSON.stringify({ id: "bench", object: "chat.completion.chunk", created: 1, model: "bench", choices: [], usage })}\n\ndata: [DONE]\n\n`;

const chunked = (text: string): Buffer => Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`);
const head = Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n");
const frame = chunked(chunkOf({ role: "assistant", content: "word " }, null));
const first = Buffer.concat([head, frame]);
const end = Buffer.concat([chunked(last), Buffer.from("0\r\n\r\n")]);

/** A server of streams; one clock drives all of them, because a timer for each would be what is measured. */
export function openStreamUpstream(): Promise<number> {
  const streams = new Map<net.Socket, number>();
  setInterval(() => {
    for (const [socket, sent] of streams) {
      if (sent < framesInStream) socket.write(frame);
      else socket.write(end);
      if (sent < framesInStream) streams.set(socket, sent + 1);
      else streams.delete(socket);
    }
  }, paceMs);
  return serve((socket) => {
    socket.write(first);
    streams.set(socket, 1);
  });
}

function serve(reply: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let missing = 0;
    let head = "";
    socket.setEncoding("latin1");
    socket.on("error", () => socket.destroy());
    socket.on("data", (piece: string) => {
      if (missing > 0) {
        missing -= piece.length;
      } else {
        head += piece;
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        missing = bodyLength(head.slice(0, end)) - (head.length - end - 4);
        head = "";
      }
      if (missing <= 0) reply(socket);
    });
  });
  return new Promise((resolve) => {
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, () => {
      const address = server.address();
      resolve(address && typeof address === "object" ? address.port : 0);
    });
  });
}

/** Bodies sent in chunks are small here and arrive with their head. */
const bodyLength = (head: string): number => Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
