import { randomByte } from "./random.ts";

/** One prefix for each kind of thing that has an id; the prefix is part of the type. */
export const prefixes = {
  organization: "org",
  workspace: "ws",
  user: "usr",
  session: "ses",
  token: "tok",
  authenticator: "totp",
  passkey: "pk",
  domain: "dom",
  device: "dev",
  staff: "stf",
  document: "doc",
  acceptance: "acc",
  key: "key",
  adminKey: "adk",
  request: "req",
  letter: "let",
  audit: "evt",
  lessee: "lse",
  override: "ovr",
  rateRequest: "rlr",
  zeroRetention: "zdr",
  invitation: "inv",
  group: "grp",
  look: "lok",
  webhookEndpoint: "whe",
  webhookEvent: "wev",
  webhookDelivery: "whd",
  contactChange: "cch",
  scopeKey: "sck",
  agent: "ag",
  agentReceipt: "agr",
  agentReport: "rep",
  conversation: "conv",
  message: "msg",
  functionCall: "fc",
  functionResult: "fr",
  handoff: "ho",
  response: "resp",
  reasoning: "rs",
  order: "ord",
  agreement: "msa",
  invoice: "ivc",
  payment: "pay",
  paymentMethod: "pm",
  hostedPage: "hp",
  refund: "rfd",
  receipt: "rct",
  dispute: "dsp",
  disputeMessage: "dsm",
  disputeFile: "dsf",
  credit: "crd",
  chargeback: "chb",
  deletionReceipt: "rcp",
  deletion: "del",
  guestLink: "gsl",
  abuseReport: "abp",
  suspension: "sus",
  hold: "hld",
  abuseRule: "abr",
  abuseFlag: "abf",
  abuseItem: "abi",
  abuseOpening: "abo",
  ledgerTransaction: "ltx",
  ticket: "tkt",
  ticketMessage: "tms",
  ticketNote: "tno",
  ticketFile: "att",
  mail: "eml",
  macro: "mac",
  file: "file",
  blob: "blb",
  assistanceGrant: "asg",
  assistanceRead: "asr",
  upload: "upl",
  tuningJob: "ftj",
  tuningClaim: "clm",
  trainer: "trn",
  modelTransfer: "mtr",
  batch: "bat",
  deadline: "dln",
  termination: "trm",
  incident: "inc",
  maintenance: "mnt",
  legalNotice: "ntc",
  modelChange: "mch",
  aliasMove: "alm",
  publication: "pub",
  bundle: "bdl",
  subprocessor: "sbp",
  connection: "con",
  connectionDelivery: "cnd",
  connectionAttempt: "cna",
  connectorAcknowledgement: "cka",
  statusSubscriber: "sub",
  modelTrial: "trl",
  endingDecision: "end",
} as const;

export type IdKind = keyof typeof prefixes;
export type Id<K extends IdKind> = `${(typeof prefixes)[K]}_${string}`;

/** Spelled in 32 hexadecimal digits, as programs written for the field's APIs know them. */
const hexadecimal: ReadonlySet<IdKind> = new Set([
  "agent",
  "conversation",
  "message",
  "functionCall",
  "functionResult",
  "handoff",
  "response",
  "reasoning",
]);

/** Their bits are those of a UUID of version 7, which is how programs spell them. */
const uuids: ReadonlySet<IdKind> = new Set(["file", "tuningJob", "batch"]);

// Crockford's base 32 in lower case: digits before letters, so ids sort by birth under every collation.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const codes = Buffer.from(alphabet, "latin1");
const timeLength = 10;
const randomLength = 16;
const letters = Buffer.alloc(timeLength + randomLength);

/** A new id: 48 bits of time and 80 random bits, so that ids sort by the moment they were made. */
export function newId<K extends IdKind>(kind: K, now: Date): Id<K> {
  if (hexadecimal.has(kind)) {
    const random = Array.from({ length: 10 }, () => randomByte().toString(16).padStart(2, "0")).join("");
    return `${prefixes[kind]}_${now.getTime().toString(16).padStart(12, "0")}${random}`;
  }
  let time = now.getTime();
  for (let i = timeLength - 1; i >= 0; i--) {
    letters[i] = codes[time % 32] ?? 0;
    time = Math.floor(time / 32);
  }
  for (let i = timeLength; i < letters.length; i++) letters[i] = codes[marked(kind, i - timeLength, randomByte())] ?? 0;
  return `${prefixes[kind]}_${letters.toString("latin1")}`;
}

/** Five random bits; where a UUID says its version and variant, those. */
function marked(kind: IdKind, index: number, random: number): number {
  if (uuids.has(kind) && index === 0) return 0b01110 | (random & 0b00001);
  if (uuids.has(kind) && index === 3) return 0b01000 | (random & 0b10011);
  return random & 31;
}

/** The moment an id was made. */
export function timeOf(id: Id<IdKind>): Date {
  const start = id.indexOf("_") + 1;
  if (id.length - start === 32) return new Date(Number.parseInt(id.slice(start, start + 12), 16));
  const text = id.slice(start, start + timeLength);
  let time = 0;
  for (const letter of text) time = time * 32 + alphabet.indexOf(letter);
  return new Date(time);
}

export function isId<K extends IdKind>(kind: K, text: string): text is Id<K> {
  const spelling = hexadecimal.has(kind) ? "[0-9a-f]{32}" : "[0-9a-hjkmnp-tv-z]{26}";
  return new RegExp(`^${prefixes[kind]}_${spelling}$`).test(text);
}

/** The same 128 bits in the form of a UUID, for programs that expect one. */
export function uuidOf(id: Id<IdKind>): string {
  let bits = 0n;
  for (const letter of id.slice(id.indexOf("_") + 1)) bits = bits * 32n + BigInt(alphabet.indexOf(letter));
  const hex = bits.toString(16).padStart(32, "0");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The id a UUID stands for; null when the text is neither that nor the id itself. */
export function idOfUuid<K extends IdKind>(kind: K, text: string): Id<K> | null {
  if (isId(kind, text)) return text;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return null;
  let bits = BigInt(`0x${text.replaceAll("-", "")}`);
  let letters = "";
  for (let i = 0; i < timeLength + randomLength; i++) {
    letters = alphabet[Number(bits % 32n)] + letters;
    bits /= 32n;
  }
  return `${prefixes[kind]}_${letters}`;
}
