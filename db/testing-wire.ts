import net from "node:net";

/** A connection between a driver and the database that can be cut or fall silent, as networks do. */
export type TestWire = {
  /** Where the driver connects to. */
  url: string;
  /** Nothing gets through any more in either direction, on connections that match; new ones are as before. */
  silence: (matches?: (opened: number) => boolean) => void;
  /** Connections end, and no new one comes about. */
  cut: () => void;
  /** As at the beginning; what was silent ends. */
  mend: () => void;
  /** How many connections were made or tried. */
  opened: () => number;
  close: () => Promise<void>;
};

export async function testWire(url: string): Promise<TestWire> {
  const target = new URL(url);
  const sockets = new Map<net.Socket, number>();
  let mode: "open" | "silent" | "cut" = "open";
  let opened = 0;
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    opened++;
    if (mode === "cut") return void socket.destroy();
    sockets.set(socket, opened);
    const inner = net.connect(Number(target.port), target.hostname);
    inner.on("error", () => socket.destroy());
    socket.once("close", () => {
      sockets.delete(socket);
      inner.destroy();
    });
    inner.once("close", () => socket.destroy());
    if (mode === "silent") socket.pause();
    else socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as net.AddressInfo;
  const through = new URL(url);
  through.port = String(address.port);
  return {
    url: through.href,
    silence: (matches) => {
      if (!matches) mode = "silent";
      for (const [socket, number] of sockets) if (!matches || matches(number)) socket.unpipe().pause();
    },
    cut: () => {
      mode = "cut";
      for (const socket of sockets.keys()) socket.destroy();
    },
    mend: () => {
      if (mode === "silent") for (const socket of sockets.keys()) socket.destroy();
      mode = "open";
    },
    opened: () => opened,
    close: () => {
      for (const socket of sockets.keys()) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
