-- Sums that change all the time change in place where a page has room, and leave their index alone.
ALTER TABLE usage_lines SET (fillfactor = 70);
