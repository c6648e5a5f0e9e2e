import { StringDecoder } from "node:string_decoder";

/**
 * Reads server-sent events from bytes as they come and returns the `data` of those that are whole. Any line end,
 * comments, other fields and characters split between two pieces are all fine.
 */
export function createEventReader(): { push(bytes: Buffer): string[]; flush(): string[] } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let data: string | undefined;

  const take = (line: string, events: string[]): void => {
    if (line === "") {
      if (data !== undefined) events.push(data);
      data = undefined;
      return;
    }
    if (!line.startsWith("data:")) return;
    const value = line.slice(line.startsWith("data: ") ? 6 : 5);
    data = data === undefined ? value : `${data}\n${value}`;
  };
  const read = (text: string): string[] => {
    const events: string[] = [];
    rest += text;
    let from = 0;
    for (let at = lineEnd(rest, 0); at >= 0; at = lineEnd(rest, from)) {
      // A carriage return at the very end may be half of a line end.
      if (rest[at] === "\r" && at === rest.length - 1) break;
      take(rest.slice(from, at), events);
      from = at + (rest.startsWith("\r\n", at) ? 2 : 1);
    }
    rest = rest.slice(from);
    return events;
  };

  return {
    push: (bytes) => read(decoder.write(bytes)),
    flush: () => read(`${decoder.end()}\n\n\n`),
  };
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf("\n", from);
  const carriage = text.indexOf("\r", from);
  return carriage >= 0 && (feed < 0 || carriage < feed) ? carriage : feed;
}
