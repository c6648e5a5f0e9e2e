import type { Option } from "#components/ui/select.tsx";

/** Where most invoices go; first, because a list is not shown whole before scripts are there. */
const near = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";
const others =
  "AD AE AF AG AI AL AM AO AR AU AW AX AZ BA BB BD BF BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CD CF CG CI CL CM CN CO CR CU CV CW DJ DM DO DZ EC EG ER ET FJ FK FM FO GA GD GE GF GG GH GI GL GM GN GP GQ GT GW GY HK HN HT ID IL IM IN IQ IR JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LK LR LS LY MA MC MD ME MF MG MH MK ML MM MN MO MQ MR MS MU MV MW MX MY MZ NA NC NE NG NI NP NR NZ OM PA PE PF PG PH PK PM PR PS PW PY QA RE RS RU RW SA SB SC SD SG SH SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

const names = new Intl.DisplayNames("en-GB", { type: "region" });

const named = (codes: string): Option[] =>
  codes
    .split(" ")
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .toSorted((a, b) => a.label.localeCompare(b.label, "en"));

/** Every country an address can be in, by name. */
export const countryOptions: readonly Option[] = [...named(near), ...named(others)];
