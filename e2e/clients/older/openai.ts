import { OpenAI as OpenAi4 } from "openai-4";
import { zodResponseFormat as format4 } from "openai-4/helpers/zod";
import { OpenAI as OpenAi5 } from "openai-5";
import { zodResponseFormat as format5 } from "openai-5/helpers/zod";
import { z } from "zod";

const city = z.object({ city: z.string(), degrees: z.number() });

/** Two versions whose structured output is written with the zod of their time. */
export const older = [
  { name: "openai 4", Client: OpenAi4, format: format4(city, "weather") },
  { name: "openai 5", Client: OpenAi5, format: format5(city, "weather") },
];
