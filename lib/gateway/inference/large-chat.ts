import { isWellFormed, purposes, secretPattern } from "#lib/core/api-keys/secret.ts";
import { scanChat } from "#lib/engine/port/chat-scan.ts";
import { type ChatInput, chatInput, chatParameters } from "#lib/engine/port/input.ts";
import type { Message } from "#lib/engine/port/port.ts";
import { WireMessage } from "#lib/engine/port/wire-message.ts";

/** Below it, making all texts at once costs less than finding out which of them are needed. */
const smallestBytes = 8192;

const envelope = chatInput.omit({ messages: true, tools: true });

/** Older spellings, which change what messages and tools are. */
const changing = ["functions", "function_call"];

/**
 * Reads a large chat without making texts of its messages; undefined where the ordinary way has to, because the body is
 * small, unusual or wrong. What is read is what the ordinary way would have read.
 */
export function readLargeChat(bytes: Buffer): ChatInput | undefined {
  if (bytes.length < smallestBytes || holdsKey(bytes)) return undefined;
  const scanned = scanChat(bytes);
  if (!scanned) return undefined;
  const given = envelope.safeParse(JSON.parse(scanned.envelope));
  if (!given.success || changing.some((name) => given.data[name] != null)) return undefined;
  const { tools } = scanned;
  const toolsRead = chatParameters.tools.schema.safeParse(
    tools && JSON.parse(bytes.toString("utf8", tools.start, tools.end)),
  );
  if (!toolsRead.success) return undefined;
  const messages: Message[] = [];
  for (const message of scanned.messages) {
    if (!message.isPlain) return undefined;
    messages.push(new WireMessage(bytes, message));
  }
  return { ...given.data, messages, ...(tools && { tools: toolsRead.data }) };
}

/** The longest that a key is, and room to see that it ends. */
const keyBytes = 64;

/** Whether a key of ours is anywhere in the bytes. */
function holdsKey(bytes: Buffer): boolean {
  return purposes.some((prefix) => {
    const mark = `${prefix}_`;
    for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) {
      const [found] = bytes.toString("latin1", at, at + keyBytes).match(secretPattern) ?? [];
      if (found && isWellFormed(found, prefix)) return true;
    }
    return false;
  });
}
