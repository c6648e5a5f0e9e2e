import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsMs, isExcluded, minuteMs, type Sample, spansOf, sumsOf, uptimeOf, uptimeWords } from "./rules.ts";

const start = Date.UTC(2026, 10, 29);
const at = (minute: number) => start + minute * minuteMs;
const looks = (text: string): Sample[] =>
  [...text].flatMap((sign, minute): Sample[] => {
    const state = ({ u: "up", g: "degraded", d: "down" } as const)[sign];
    return state ? [{ at: at(minute), state }] : [];
  });
const everyMinute = (minutes: number) => Array.from({ length: minutes }, (_, minute) => at(minute));
const drawn = (text: string, beats = everyMinute(text.length)) =>
  spansOf({ samples: looks(text), beats, from: start, to: at(text.length) })
    .map(({ from, to, state }) => `${state} ${(to - from) / minuteMs}`)
    .join(", ");

test.each([
  ["uuuduuuu", "up 8"],
  ["uuudduuu", "up 3, down 2, up 3"],
  ["uuddudduu", "up 2, down 5, up 2"],
  ["uuudddd", "up 3, down 4"],
  ["uuuuuud", "up 7"],
  ["dduuuu", "down 2, up 4"],
  ["uugguu", "up 2, degraded 2, up 2"],
])("%s is %s: a change counts from its first look, once there are two", (text, words) => {
  expect(drawn(text)).toBe(words);
});

test("contract 35: where a front ran and nothing was looked at it is unknown, and where none ran it was down", () => {
  expect(drawn("uu......uu")).toBe("up 3.5, unknown 4.5, up 2");
  const beats = [at(0), at(1), at(8), at(9)];
  expect(drawn("uu......uu", beats)).toBe("up 3.5, down 4.5, up 2");
  expect(drawn("......", [])).toBe("down 6");
});

/** The same, counted second by second, without a thought of intervals. */
function counted(samples: readonly Sample[], beats: readonly number[], minutes: number) {
  const settled: Sample[] = [];
  let current: Sample["state"] | undefined;
  samples.forEach((sample, index) => {
    const isAlone = current !== undefined && sample.state !== current && samples[index + 1]?.state !== sample.state;
    if (!isAlone) current = sample.state;
    settled.push({ at: sample.at, state: current as Sample["state"] });
  });
  const sums = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (let second = start; second < at(minutes); second += 1000) {
    const last = settled.findLast((sample) => sample.at <= second);
    const isHeld = last !== undefined && second < last.at + holdsMs;
    const hasFront = beats.some((beat) => beat <= second && second < beat + holdsMs);
    sums[isHeld ? last.state : hasFront ? "unknown" : "down"] += 1000;
  }
  return sums;
}

test("contract 35: sums equal those that are counted second by second, and add up to the time", () => {
  const sign = fc.constantFrom("u", "u", "u", "d", "d", "g", ".", ".");
  fc.assert(
    fc.property(fc.array(sign, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.boolean()), (signs, coins) => {
      const samples = looks(signs.join(""));
      // A front that looked was there.
      const beats = everyMinute(signs.length).filter(
        (_, minute) => signs[minute] !== "." || coins.next().value === true,
      );
      const spans = spansOf({ samples, beats, from: start, to: at(signs.length) });
      const sums = sumsOf(spans, []);
      const { up, degraded, down, unknown } = counted(samples, beats, signs.length);
      expect(sums).toEqual({ upMs: up, degradedMs: degraded, downMs: down, unknownMs: unknown, excludedMs: 0 });
      expect(up + degraded + down + unknown).toBe(signs.length * minuteMs);
    }),
    { numRuns: 500 },
  );
});

test("contract 36, T-4.4-SLO3: planned work is excluded where it was told of before it began; what runs over counts", () => {
  const window = { startsAt: new Date(at(2)), toldAt: new Date(at(0)), cancelledAt: null };
  expect(isExcluded(window)).toBe(true);
  expect(isExcluded({ ...window, toldAt: window.startsAt })).toBe(false);
  expect(isExcluded({ ...window, toldAt: null })).toBe(false);
  expect(isExcluded({ ...window, cancelledAt: new Date(at(1)) })).toBe(false);
  const spans = spansOf({ samples: looks("uudddddduu"), beats: everyMinute(10), from: start, to: at(10) });
  const overlapping = [
    { from: at(2), to: at(5) },
    { from: at(4), to: at(6) },
  ];
  expect(sumsOf(spans, overlapping)).toMatchObject({
    downMs: 2 * minuteMs,
    excludedMs: 4 * minuteMs,
    upMs: 4 * minuteMs,
  });
});

test("T-4.4-SLO1: nothing known is not measured, and almost whole is not whole", () => {
  const none = { upMs: 0, degradedMs: 0, downMs: 0, excludedMs: 9, unknownMs: 9 };
  expect(uptimeWords(uptimeOf(none))).toBe("not measured");
  expect(uptimeWords(uptimeOf({ ...none, upMs: 1_000_000, downMs: 1 }))).toBe("99.999 %");
  expect(uptimeWords(uptimeOf({ ...none, upMs: 1 }))).toBe("100 %");
});
