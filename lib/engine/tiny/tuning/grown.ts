type Numbers = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** A list of numbers without an object for each; it grows as it fills. */
export class Grown<Type extends Numbers> {
  length = 0;
  #numbers: Type;
  readonly #make: (length: number) => Type;

  constructor(make: (length: number) => Type) {
    this.#make = make;
    this.#numbers = make(1024);
  }

  push(number: number): void {
    if (this.length === this.#numbers.length) {
      const longer = this.#make(this.length * 2);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.length++] = number;
  }

  /** A view that is good until the next push. */
  view(from = 0, to = this.length): Type {
    return this.#numbers.subarray(from, to) as Type;
  }
}
