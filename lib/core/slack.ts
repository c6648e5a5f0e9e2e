/** What is told of an event, as a chat shows it. */
type Told = { type: string; at: Date; data: Record<string, unknown>; about: string };

const valueLength = 200;
const linesMost = 12;

/** No text of a customer's people is markup there, opens a link or calls everyone in the channel. */
const plain = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "@\u200b")
    .replace(/[*`~\p{Cc}]/gu, " ");

const shown = (value: unknown): string =>
  plain((typeof value === "string" ? value : JSON.stringify(value)).slice(0, valueLength));

/** The message of an incoming webhook, in the one shape that Slack, Mattermost and Rocket.Chat take. */
export function chatMessage({ type, at, data, about }: Told): string {
  const lines = Object.entries(data)
    .filter(([, value]) => value !== null && value !== "")
    .slice(0, linesMost)
    .map(([name, value]) => `${plain(name.replaceAll("_", " "))}: ${shown(value)}`);
  return JSON.stringify({ text: [`*${plain(about)}*`, ...lines, `${plain(type)} · ${at.toISOString()}`].join("\n") });
}
