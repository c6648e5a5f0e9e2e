/** The most of a message that is looked at. */
const longest = 1500;

const suffixes =
  "local|localdomain|internal|intranet|intra|lan|corp|home|svc|cluster|com|net|org|io|ai|dev|cloud|app|co|eu|fr|de|uk|us";

/** What an upstream's message must not carry to a customer, and what stands in its place. In this order. */
const rules: readonly (readonly [RegExp, string])[] = [
  // A stack trace ends the message.
  [/\s*(?:Traceback \(most recent call last\)|\n\s+at \S|\n?\s*File "[^"]*", line \d+)[\s\S]*/, ""],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, "[address]"],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, "$1 [key]"],
  [
    /\b(api[_-]?key|access[_-]?key|secret|password|passwd|authorization|token)(["']?\s*[:=]\s*)[^\s"',;]+/gi,
    "$1$2[key]",
  ],
  [
    /\b(api[_-]?key|access[_-]?key|secret|password|passwd|authorization|token)(["']?\s*[:=]\s*["'])[^"']+/gi,
    "$1$2[key]",
  ],
  // Before keys: a folder may be named like the beginning of one, and what comes after it would stay.
  [/(?<![\w/])[a-z]:\\[^\s"'<>|]+/gi, "[path]"],
  [/(?<![\w./-])(?:~|\.{1,2})?\/[\w@+-][^\s"'<>,;)\]}]*/g, "[path]"],
  [/\b(?:sk|pk|rk|hf|gsk|ghp|gho|xai|xox[abp]|nvapi|cpt|cpa|key|AKIA|AIza)[-_]?[\w-]*\d[\w-]*/g, "[key]"],
  [/\b(?:sk|pk|rk|hf|gsk|ghp|gho|xai|nvapi|cpt|cpa)[-_][\w-]{4,}/g, "[key]"],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)*/g, "[address]"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "[address]"],
  [
    /\[?(?<![\w:])(?:(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]*|(?:[0-9a-f]{1,4}:){0,6}:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)\]?(?::\d+)?(?!\w)/gi,
    "[address]",
  ],
  [/\blocalhost(?::\d+)?\b/gi, "[address]"],
  [/\b[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*:\d{2,5}\b/gi, "[address]"],
  [new RegExp(`\\b(?:[a-z0-9_-]+\\.)+(?:${suffixes})\\b`, "gi"), "[address]"],
  [/\b(?:[a-z0-9_]*-[a-z0-9_-]*\.)(?:[a-z0-9_-]+\.)*[a-z]{2,}\b/gi, "[address]"],
  [/\b[\w-]+\.(?:py|js|mjs|ts|cc|cpp|cu|rs|go|java|so)\b(?:[:,]\s*(?:line )?\d+)*/g, "[path]"],
  // Long runs of mixed characters are keys or ids; words, however long, are of one kind of letter.
  [/(?<![\w+/=-])(?=[\w+/=-]*(?:\d|[a-z][\w+/=-]*[A-Z]|[A-Z][\w+/=-]*[a-z]))[\w+/=-]{20,}/g, "[key]"],
];

/** A message of an upstream without what is inside the house: keys, addresses, paths and stack traces. */
export const redacted = (message: string): string =>
  rules.reduce((text, [pattern, instead]) => text.replace(pattern, instead), message.slice(0, longest)).trim();
