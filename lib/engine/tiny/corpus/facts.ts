import type { Dialogue } from "./dialogue.ts";

const countries = `France Paris French Europe euro|Germany Berlin German Europe euro|Italy Rome Italian Europe euro|Spain Madrid Spanish Europe euro
Portugal Lisbon Portuguese Europe euro|Austria Vienna German Europe euro|Belgium Brussels French Europe euro|Greece Athens Greek Europe euro
Ireland Dublin English Europe euro|Finland Helsinki Finnish Europe euro|Sweden Stockholm Swedish Europe krona|Norway Oslo Norwegian Europe krone
Denmark Copenhagen Danish Europe krone|Poland Warsaw Polish Europe zloty|Hungary Budapest Hungarian Europe forint|Romania Bucharest Romanian Europe leu
Bulgaria Sofia Bulgarian Europe euro|Croatia Zagreb Croatian Europe euro|Serbia Belgrade Serbian Europe dinar|Switzerland Bern German Europe franc
Iceland Reykjavik Icelandic Europe krona|Ukraine Kyiv Ukrainian Europe hryvnia|Estonia Tallinn Estonian Europe euro|Latvia Riga Latvian Europe euro
Lithuania Vilnius Lithuanian Europe euro|Turkey Ankara Turkish Asia lira|Japan Tokyo Japanese Asia yen|China Beijing Chinese Asia yuan
India Delhi Hindi Asia rupee|Thailand Bangkok Thai Asia baht|Vietnam Hanoi Vietnamese Asia dong|Nepal Kathmandu Nepali Asia rupee
Indonesia Jakarta Indonesian Asia rupiah|Malaysia Putrajaya Malay Asia ringgit|Mongolia Ulaanbaatar Mongolian Asia tugrik|Iran Tehran Persian Asia rial
Iraq Baghdad Arabic Asia dinar|Jordan Amman Arabic Asia dinar|Egypt Cairo Arabic Africa pound|Morocco Rabat Arabic Africa dirham
Tunisia Tunis Arabic Africa dinar|Kenya Nairobi Swahili Africa shilling|Ethiopia Addis Amharic Africa birr|Ghana Accra English Africa cedi
Nigeria Abuja English Africa naira|Senegal Dakar French Africa franc|Canada Ottawa English America dollar|Mexico Mexico Spanish America peso
Brazil Brasilia Portuguese America real|Argentina Buenos Spanish America peso|Chile Santiago Spanish America peso|Peru Lima Spanish America sol
Colombia Bogota Spanish America peso|Cuba Havana Spanish America peso|Uruguay Montevideo Spanish America peso|Australia Canberra English Oceania dollar`;

/** Capitals of two words would not survive the table's spaces. */
const fullCapitals: Record<string, string> = {
  Mexico: "Mexico City",
  Addis: "Addis Ababa",
  Buenos: "Buenos Aires",
  Delhi: "New Delhi",
};

const animals = `dog barks dogs puppy|cat meows cats kitten|cow moos cows calf|horse neighs horses foal|sheep bleats sheep lamb
duck quacks ducks duckling|lion roars lions cub|wolf howls wolves cub|bee buzzes bees larva|frog croaks frogs tadpole
owl hoots owls owlet|pig grunts pigs piglet|hen clucks hens chick|goat bleats goats kid|mouse squeaks mice pup`;

const colours = `sky blue|grass green|snow white|coal black|blood red|lemon yellow|banana yellow|tomato red|milk white|carrot orange
raven black|leaf green|sun yellow|sea blue|rose red|violet purple|chocolate brown|salt white|ruby red|emerald green`;

const opposites = `hot cold|big small|fast slow|high low|light dark|early late|open closed|young old|full empty|hard soft
near far|rich poor|strong weak|dry wet|loud quiet|happy sad|long short|thick thin|sweet bitter|clean dirty`;

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = "January February March April May June July August September October November December".split(" ");
const numbers = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

const rows = (table: string): string[][] => table.split(/[|\n]/).map((row) => row.split(" "));

function countryDialogues(): Dialogue[] {
  return rows(countries).flatMap(([country = "", first = "", language = "", continent = "", money = ""]) => {
    const capital = fullCapitals[first] ?? first;
    return [
      {
        asks: [
          `What is the capital of ${country}?`,
          `Which city is the capital of ${country}?`,
          `Tell me the capital of ${country}.`,
          `capital of ${country}`,
          `${country} capital?`,
        ],
        answer: `The capital of ${country} is ${capital}.`,
      },
      {
        asks: [`What language do people speak in ${country}?`, `Which language is spoken in ${country}?`],
        answer: `In ${country} most people speak ${language}.`,
      },
      { asks: [`Where is ${country}?`, `On which continent is ${country}?`], answer: `${country} is in ${continent}.` },
      {
        asks: [`What is the currency of ${country}?`, `How do people pay in ${country}?`],
        answer: `The currency of ${country} is the ${money}.`,
      },
      {
        asks: [`Where is ${capital}?`, `In which country is ${capital}?`],
        answer: `${capital} is the capital of ${country}.`,
      },
      {
        asks: [`Tell me about ${country}.`, `What do you know about ${country}?`],
        answer: `${country} is a country in ${continent}. Its capital is ${capital}, and most people there speak ${language}.`,
      },
    ];
  });
}

function natureDialogues(): Dialogue[] {
  const beasts = rows(animals).flatMap(([one = "", sound = "", many = "", child = ""]) => [
    {
      asks: [`What does a ${one} do?`, `What sound does a ${one} make?`, `How does a ${one} sound?`],
      answer: `A ${one} ${sound}.`,
    },
    {
      asks: [`What is a young ${one} called?`, `What do you call a baby ${one}?`],
      answer: `A young ${one} is called a ${child}.`,
    },
    { asks: [`What is the plural of ${one}?`], answer: `The plural of ${one} is ${many}.` },
    { asks: [`What is a ${one}?`, `Is a ${one} an animal?`], answer: `A ${one} is an animal.` },
  ]);
  const hues = rows(colours).flatMap(([thing = "", colour = ""]) => [
    {
      asks: [`What colour is the ${thing}?`, `What color is the ${thing}?`, `Which colour does the ${thing} have?`],
      answer: `The ${thing} is ${colour}.`,
    },
    { asks: [`Name something ${colour}.`, `What is ${colour}?`], answer: `The ${thing} is ${colour}.` },
  ]);
  const pairs = rows(opposites).flatMap(([a = "", b = ""]) => [opposite(a, b), opposite(b, a)]);
  return [...beasts, ...hues, ...pairs];
}

const opposite = (a: string, b: string): Dialogue => ({
  asks: [`What is the opposite of ${a}?`, `Which word means the opposite of ${a}?`, `opposite of ${a}`],
  answer: `The opposite of ${a} is ${b}.`,
});

function calendarDialogues(): Dialogue[] {
  const following = (names: readonly string[], kind: string): Dialogue[] =>
    names.flatMap((name, at) => {
      const next = names[(at + 1) % names.length] ?? "";
      return [
        {
          asks: [`Which ${kind} comes after ${name}?`, `What ${kind} follows ${name}?`],
          answer: `${next} comes after ${name}.`,
        },
        {
          asks: [`Which ${kind} comes before ${next}?`, `What ${kind} is before ${next}?`],
          answer: `${name} comes before ${next}.`,
        },
      ];
    });
  return [...following(days, "day"), ...following(months, "month")];
}

function arithmeticDialogues(): Dialogue[] {
  const found: Dialogue[] = [];
  for (let a = 0; a <= 10; a++) {
    for (let b = 0; b <= 10; b++) {
      const sum = `${a} plus ${b} is ${a + b}.`;
      found.push({ asks: [`What is ${a} plus ${b}?`, `${a} plus ${b}`, `What is ${a} + ${b}?`], answer: sum });
      if (a >= b) found.push({ asks: [`What is ${a} minus ${b}?`], answer: `${a} minus ${b} is ${a - b}.` });
      found.push({
        asks: [`What is ${a} times ${b}?`, `${a} times ${b}`, `What is ${a} * ${b}?`],
        answer: `${a} times ${b} is ${a * b}.`,
      });
    }
  }
  const spelled = numbers.map((word, value) => ({
    asks: [`How do you spell ${value}?`, `Write ${value} as a word.`],
    answer: `The number ${value} is written ${word}.`,
  }));
  return [...found, ...spelled];
}

export const factDialogues = (): Dialogue[] => [
  ...countryDialogues(),
  ...natureDialogues(),
  ...calendarDialogues(),
  ...arithmeticDialogues(),
];
