const longest = 32;

/** A handle: what follows the `@`. Lower case, so that no one has to remember which letters are large. */
export const handlePattern = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Names that would pass for the provider's own people or for everyone (T-4.3-RESP2). */
const reserved = [
  "abuse",
  "account",
  "admin",
  "administrator",
  "all",
  "billing",
  "channel",
  "contact",
  "everyone",
  "help",
  "helpdesk",
  "here",
  "legal",
  "me",
  "moderator",
  "official",
  "operator",
  "owner",
  "payments",
  "privacy",
  "provider",
  "root",
  "security",
  "staff",
  "support",
  "system",
  "team",
  "trust",
  "verified",
];

// Letters of other scripts that look like Latin ones; accents are taken off before.
const lookalikes: Record<string, string> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "5": "s",
  "|": "l",
  "!": "l",
  $: "s",
  "@": "a",
  ı: "l",
  i: "l",
  ø: "o",
  đ: "d",
  ł: "l",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  а: "a",
  в: "b",
  с: "c",
  ԁ: "d",
  е: "e",
  ѐ: "e",
  ғ: "f",
  һ: "h",
  н: "h",
  і: "l",
  ї: "l",
  ј: "j",
  к: "k",
  ӏ: "l",
  м: "m",
  о: "o",
  р: "p",
  ԛ: "q",
  г: "r",
  ѕ: "s",
  т: "t",
  υ: "u",
  ѵ: "v",
  ԝ: "w",
  х: "x",
  у: "y",
  ү: "y",
  з: "e",
  α: "a",
  β: "b",
  ϲ: "c",
  ε: "e",
  η: "n",
  ι: "l",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  χ: "x",
  γ: "y",
  ω: "w",
};

/** A text with everything that looks alike made the same, and without what only parts words. */
export function skeletonOf(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  const letters = [...plain].map((letter) => lookalikes[letter] ?? letter).join("");
  return letters
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
}

const reservedSkeletons = new Set(reserved.map(skeletonOf));

/** Whether a name or handle could be taken for the provider or its people: theirs themselves, or with their name in it. */
export function passesForProvider(text: string, provider: string): boolean {
  const skeleton = skeletonOf(text);
  const name = skeletonOf(provider);
  const words = text.split(/[^\p{L}\p{N}]+/u).map(skeletonOf);
  return reservedSkeletons.has(skeleton) || (name !== "" && (words.includes(name) || skeleton.startsWith(name)));
}

/** A handle made of a name, such as `travel-planner` of "Travel planner"; null where nothing of it could be one. */
export function handleOf(name: string): string | null {
  const text = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, longest)
    .replace(/-+$/, "");
  return handlePattern.test(text) ? text : null;
}

/** The first of `handle`, `handle-2`, `handle-3` … whose skeleton is free. */
export function freeHandle(handle: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? "" : `-${number}`;
    const candidate = handle.slice(0, longest - end.length).replace(/-+$/, "") + end;
    if (!taken.has(skeletonOf(candidate))) return candidate;
  }
}
