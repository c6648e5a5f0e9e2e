import http from "node:http";
import type { AddressInfo } from "node:net";

/** An answer byte by byte, whatever was asked. */
export type Scripted = {
  status?: number;
  headers?: Record<string, string>;
  /** Written one after the other, each as it is. */
  pieces: readonly (string | Uint8Array)[];
  /** Breaks the connection at the end, or leaves it open. */
  end?: "reset" | "open";
};

export type ScriptedUpstream = { url: string; answer: Scripted; asked: unknown[]; close: () => Promise<void> };

/** An inference server that answers what `answer` says at that time. */
export async function startScriptedUpstream(answer: Scripted = { pieces: [] }): Promise<ScriptedUpstream> {
  const server = http.createServer(async (request, response) => {
    const sent: Buffer[] = [];
    for await (const piece of request) sent.push(piece);
    upstream.asked.push(JSON.parse(Buffer.concat(sent).toString("utf8")));
    const { status = 200, headers = {}, pieces, end } = upstream.answer;
    response.writeHead(status, headers);
    response.flushHeaders();
    for (const piece of pieces) {
      response.write(piece);
      // Pieces that leave in turns of their own arrive as pieces more often than not.
      await new Promise(setImmediate);
    }
    if (end === "reset") response.destroy();
    else if (end !== "open") response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    answer,
    asked: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return upstream;
}
