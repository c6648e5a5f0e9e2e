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

/** An inference server that answers at once and costs next to nothing, so that only what stands in front is measured. */
export function openUpstream(): Promise<number> {
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
      if (missing <= 0) socket.write(answer);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address && typeof address === "object" ? address.port : 0);
    });
  });
}

/** Bodies sent in chunks are small here and arrive with their head. */
const bodyLength = (head: string): number => Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
