import type { ModelPrice } from "./rules.ts";

export type PriceVersion = {
  modelId: string;
  modelName: string;
  price: ModelPrice;
  validFrom: Date;
  isInForce: boolean;
};
