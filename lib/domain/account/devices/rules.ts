/** A browser that was not used for so long is new again. */
export const deviceDays = 400;

/**
 * Whether the owner of an account is told of a sign-in: in a browser that is new to it, unless it is the very first one,
 * which is how a person opens their account.
 */
export const isNews = ({ isKnown, isFirst }: { isKnown: boolean; isFirst: boolean }): boolean => !isKnown && !isFirst;
