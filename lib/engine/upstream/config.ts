/** Models that a server has only as long as it was told to load them. */
export type Adapters = { has: (model: string) => boolean; load: (model: string) => Promise<void> };

export type UpstreamConfig = {
  id: string;
  /** Base address including `/v1`. */
  url: string;
  apiKey?: string;
  headers?: Record<string, string>;
  /** How long the upstream may be silent. */
  timeoutMs: number;
  connections?: number;
  adapters?: Adapters;
  features?: {
    /** It answers `n` choices itself; otherwise it is asked n times. */
    n?: boolean | undefined;
    /** It knows `stream_options`; most do, so only `false` turns it off. */
    streamOptions?: boolean | undefined;
    /** It embeds lists of tokens. */
    tokenInputs?: boolean | undefined;
    /** The highest temperature it takes. */
    maxTemperature?: number | undefined;
    /** Fields beyond the port that it is sent as customers sent them. */
    parameters?: string[] | undefined;
    /** It takes what an assistant thought back in a history; many refuse it. */
    reasoning?: boolean | undefined;
  };
};
