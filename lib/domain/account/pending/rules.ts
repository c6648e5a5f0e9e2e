/** How long a browser may take between the password and the second factor, and how often it may be wrong. */
export const pendingMinutes = 10;
export const triesMax = 5;
