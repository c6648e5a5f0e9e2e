/** What a ticket shows of the record it is about. */
export type RecordState = {
  title: string;
  words: string;
  /** Whether the ticket can be resolved as far as the record is concerned. */
  isDecided: boolean;
  /** Where the customer sees it, in the workspace. */
  path: string;
  /** What else helps to look into it. */
  more?: { words: string; path: string };
};
