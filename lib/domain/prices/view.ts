import type { ListPrice } from "./rules.ts";

export type PriceVersion = {
  modelId: string;
  modelName: string;
  price: ListPrice;
  validFrom: Date;
  isInForce: boolean;
};
