import fc from "fast-check";
import { expect, test } from "vitest";
import {
  beginTurn,
  contentHours,
  dropDurable,
  endOfHour,
  endTurn,
  hourOf,
  type Keyring,
  keyringDocument,
  newKeyring,
  turnDurable,
  withHours,
} from "./document.ts";

const at = (text: string) => new Date(text);
const start = at("2026-11-29T10:20:00Z");
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);

test("a new keyring is what its schema says, and has a key for each hour of thirty days and two days ahead", () => {
  const keyring = newKeyring(start);
  expect(keyringDocument.parse(keyring)).toEqual(keyring);
  expect(Object.keys(keyring.hours)).toHaveLength(768);
  expect(new Set(Object.values(keyring.hours)).size).toBe(768);
  expect(JSON.stringify(keyring).length).toBeLessThan(60_000);
});

test("T-4.2.2.2-D1: the key of an hour is there until it is over for thirty days and no longer, so a copy lives at most thirty days", () => {
  const hour = hourOf(start);
  const end = endOfHour(hour);
  expect(end.getTime() - start.getTime()).toBeLessThanOrEqual(contentHours * 3_600_000);
  const keyring = newKeyring(start);
  expect(withHours(keyring, new Date(end.getTime() - 1)).hours[hour]).toBe(keyring.hours[hour]);
  expect(withHours(keyring, end).hours[hour]).toBeUndefined();
});

test("whenever the hours are looked after, a key that is there stays the same, and one that went never comes back", () => {
  const steps = fc.array(fc.integer({ min: -3000, max: 60_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(steps, (steps) => {
      let [keyring, passed] = [newKeyring(start), 0];
      const gone = new Set<string>();
      for (const step of steps) {
        passed += step;
        const next = withHours(keyring, minutes(passed));
        const before = Object.entries(keyring.hours);
        for (const [hour] of before) if (!(hour in next.hours)) gone.add(hour);
        expect(before.filter(([hour, key]) => hour in next.hours && next.hours[hour] !== key)).toEqual([]);
        expect(Object.keys(next.hours).filter((hour) => gone.has(hour))).toEqual([]);
        expect(next.epoch).toBe(next === keyring ? keyring.epoch : keyring.epoch + 1);
        keyring = next;
      }
    }),
    { numRuns: 20 },
  );
});

test("a content ring that is turned stays beside the new one until the turn has ended, and a turn is begun once", () => {
  const keyring = newKeyring(start);
  const turning = beginTurn(keyring);
  expect(turning).toMatchObject({ contentBefore: keyring.content, epoch: keyring.epoch + 1 });
  expect(turning.content).not.toEqual(keyring.content);
  expect(beginTurn(turning)).toBe(turning);
  const turned = endTurn(turning);
  expect(turned).toMatchObject({ content: turning.content, contentBefore: null, epoch: keyring.epoch + 2 });
  expect(endTurn(turned)).toBe(turned);
});

test("a durable ring stays as long as backups do, a day at least, and longer while something is wrapped under it", () => {
  const ages = (backupDays: number, used: (keyring: Keyring) => string[] = () => []) => {
    let turned = newKeyring(start);
    const inUse = new Set(used(turned));
    for (let day = 1; day <= 12; day++)
      turned = dropDurable(turnDurable(turned, minutes(day * 1440)), minutes(day * 1440), backupDays, inUse);
    return turned.durable.map(({ since }) => (minutes(12 * 1440).getTime() - at(since).getTime()) / 86_400_000);
  };
  expect(ages(7)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(ages(0)).toEqual([0, 1]);
  expect(ages(0, ({ durable }) => durable.map(({ id }) => id))).toEqual([0, 1, 12]);
});
