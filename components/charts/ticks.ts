/** Round numbers between two, about so many: 1, 2 and 5 times a power of ten. */
export function linearTicks(low: number, high: number, about = 4): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => clean((first + index) * step));
}

/** The same on a logarithmic axis; where many powers fit, only those. Both ends are above zero. */
export function logTicks(low: number, high: number): number[] {
  const powers = Math.log10(high) - Math.log10(low);
  const parts = powers > 3 ? [1] : [1, 2, 5];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const part of parts) {
      const tick = clean(part * 10 ** power);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) found.push(tick);
    }
  }
  return found;
}

/** Without the crumbs of binary fractions. */
const clean = (value: number): number => Number(value.toPrecision(12));

/** A number as an axis says it: no more digits than tell it from its neighbours. */
export const tickWords = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(0) : String(Number(value.toPrecision(3)));
