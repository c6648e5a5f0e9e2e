/** Words people build passwords from, as lists of stolen passwords show them; what is added around them is stripped first. */
const commonWords: ReadonlySet<string> = new Set(
  `
aaa abc abcabc abcd abcde abcdef abcdefg abcdefgh access acdc admin administrator adrian adriana aerosmith africa
african agent alabama alaska alberto alejandra alejandro alexander alexandra alexandre alexis alfred alicia alien
aliens alison allah allison alpha always alyssa amanda amazing amazon amber amen america american amor amore amsterdam
andrea andreas andrew android angel angela angelica angelo angels anna annie anthony antonio anybody anything apollo
apple apples april aragorn argentina arizona army arsenal arthur asdf asdfg asdfgh asdfghjkl asdqwe ashley assassin
astro athena atlanta atomic audi august aurora austin australia australian autumn avatar avengers awesome azerty babe
baby babyboy babydoll babygirl backstreet bacon badger bailey bambi banana bandit bank banker barbara barbie barca
barcelona baseball basketball bass bassman bastard batman battlefield bayern bear bears beatles beatrice beautiful
beauty beaver beckham beer belgium believe benfica benjamin berlin bernard best bestfriend beta better beyonce bianca
bible bienvenue biggie billionaire biteme black blackberry blackbird blackcat blacklabel blah blahblah bleach blessed
blessing blessings blink blood bloody blue blueberry bluebird blues bluesky bobmarley bomb bond bonjour bonnie boobear
booboo boomer boss boston bowie boxing boyfriend brandon brandy brasil bravo brazil brazilian brian britain british
britney brittany bronco broncos bronze brooke brooklyn brother brown brownie bruno brussels bryan bubba bubblegum
bubbles buddha buddy budweiser buffalo bull bulldog bulldogs bulls bullshit bunny burger business buster butch butter
buttercup butterfly caitlin california callofduty camaro camelot cameron camille canada canadian candy candyman
captain cardinals carlos carolina caroline carolyn carrot casey cash casper cat catherine cats catwoman cecilia celtic
celtics century champion champions chance change changeme chaos charles charlie chatgpt cheese cheesecake cheetah chef
chelsea cherry chester chevelle chevrolet chevy chewbacca chewy cheyenne chicago chicken chile china chinese chocolate
chopper christ christian christina christine christmas christopher church cinderella cinnamon claire classic claude
claudia claudio clipper cobalt cobra cocacola coconut coffee college colombia colorado colts comet company compaq
comptoir computer concord condor connor console contact contrasena cookie cookies cooking cool coolguy cooper copper
corner corona corvette cosmic cougar counter counterstrike country courtney cow cowboy cowboys crazy creative cricket
crimson crow crystal cubs cupcake curious custom cutie cutiepie cyber cycling cynthia daddy daisy dakota dallas dance
dancer dancing danger dangerous daniel daniela danielle dark darkness darkside darling darthvader david davidson
daytona dead death debbie deborah december default delete delight delta deluxe demo demon denise denmark dennis denver
derek desert design destiny detroit deutschland developer devil dexter diablo diamond diamonds diana diane diego
diesel digimon digital direct director disco doctor dodge dodgers dog doggie doggy dogs dollar dollars dolphin
dolphins domain dominic dominique donald donna dontknow dorothy dortmund doubleo douglas dragon dragonball dragons
dream dreamer dreams driver drum drummer drums dublin duchess duck ducks duke dumbledore dusty dutch dylan eagle
eagles earth echo eclipse edition eduardo edward egypt electric element elena elephant elite elizabeth elvis emerald
emily eminem emma emperor empire energy engineer england english enigma enter enterprise eric erica erika escort
espana espresso esteban eternal eternity ethan eugene eva evanescence evelyn everest everton everyone everything evil
excalibur exchange exodus explorer express extreme fabian facebook faith falcon falcons family fantastic fantasy
fashion father february felipe fernanda fernando ferrari fido fighter final finland fire fireball firebird fireman
first fish fisher fishing flame flash florence florida flower flowers fluffy flying football footballs ford forest
forever forget forgetit formula fortnite fortune fox foxtrot foxy francais france francesca francesco francis
francisco franck frank franklin freak freckles fred freddy frederic freedom french friday friend friends friendship
frodo frog froggy frontier fuck fuckoff fuckyou fun funny future gabriel gabriela gabrielle galaxy game gameboy
gamecube gamer games gamma gandalf ganesh gangsta gangster garden garfield gary gateway gator gators general genesis
genevieve genius george georgia gerald gerard german germany ghost giants gibson gilbert ginger giraffe girlfriend
gizmo gladiator glasgow global gloria glory god godzilla goku gold golden goldfish golf golfer golfing goodbye
goodluck goofy google goose gordon gorilla gotcha gothic grace graham gray great greece greek green greenday gregory
grey gryffindor guardian guest guillaume guinness guitar guitars gunner gustavo hack hacker hacking hallo halo hammer
hamster handsome hannah hansolo happiness happy happyday hardcore hardware harley harleydavidson harmony harold
harrison harry harrypotter haslo hawaii hawk hawks heart hearts heather heaven heavy hector heineken helen helena hell
hello helpme henry hercules heritage hermione hershey heslo highland hiphop hippo history hobbit hockey hogwarts
holiday holla holland hollywood holy home homer homerun honda honest honey hope horizon horse horses hotdog hotrod
hottie houston howard hulk hunter hurricane husband icecream iceman ichigo idontknow iforgot ilovegod iloveher
ilovehim iloveme iloveu iloveyou image imagine impact india indian indigo indonesia inferno infinity insane inside
inspire instagram intel inter internet invisible iphone ireland irish iron ironmaiden ironman isaac isabel isabella
isabelle islam island israel italia italian italy jackass jackie jackpot jackson jacob jacques jaguar jaime jake james
jamesbond jamie janice january japan japanese jasmine jason jasper javier jayz jazz jeanne jedi jeep jeffrey jello
jellybean jennifer jenny jeremy jerome jersey jesse jessica jesus jesuschrist jewel joanna johnny johnson joker
jonathan jordan jorge joseph joshua juan julia julian juliana julie julien juliette july jumper june junior jupiter
justice justin justine juventus karen karina katana katherine kathleen katie kawasaki kayla keith kelly kenneth
kennwort kermit kevin keyboard killer killers kimberly king kingdom kingkong kings kingston kiss kisses kissme kitten
kittens kitty knicks knight kobe kodiak korea korean krishna kristen kristina kyle lady ladybug lakers lancelot laptop
laser lassie lasvegas laugh laura lauren laurent laurie lawrence lawyer lebron ledzeppelin legacy legend legends
legolas lemon lennon leonardo leopard leslie letmein letter lexus liberty light lightning lily limited linda link
linkedin linkinpark lion lions lisbon liverpool lizard lkjhgf lkjhgfdsa logan login logon loki london lonely lonewolf
lord lorenzo losangeles louis louise love lovely loveme lover loves loveyou loving lozinka lucas lucia lucifer luck
lucky luckyone luffy luigi luis lynx machine maddie madeleine madison madonna madrid mafia magenta maggie magic
magical magician magnum mahal majestic mama manager manchester mango manhattan manuel manutd maradona marcel march
marco marcos marcus margaret margarita maria mariana marie marilyn marina marine marines mario mark marlene marley
mars marshall martin martina mason master masterchief masters mathieu matrix matt matthew maurice maverick max maxime
maximum maximus maxine maxwell may mazda mccartney medical megadeth megan melanie melbourne melissa melody melon
member memory mercedes mercury merlin message messi metal metallica meteor mexican mexico miami michael michaeljackson
michelle michigan mickey microsoft midnight miguel mike milan military million millionaire minecraft minnie miracle
miranda missile mission mistral mitchell mittens mnbvcxz mobile model models modern mohamed mohammed molly moment
mommy monday money moneyman monica monitor monkey monkeys monster monsters montana montreal moon moonlight morgan
morocco morpheus mortal moscow motdepasse mother motion motorola mountain mouse muffin muhammad music musica musical
muslim mustafa mustang mylove mypassword myself mystery mystic nancy napoleon naruto nascar natalie natasha nathalie
nathan natural nature naughty navy nelson nemesis nemo neo neptune netflix network nevada newpassword newyork nextel
neymar nicholas nicolas nicole night nightmare nikita nikki ninja nintendo nirvana nissan nobody nokia noone nopass
nopassword norman norway nothing nova november nsync nuclear number numberone nurse obsidian ocean october odin office
ohio oliver olivia omega one onepiece onion online open openai opensesame opera option oracle orange orbit orchid oreo
original orlando oscar outlaw owl oxygen pablo packard packers pacman pakistan pamela panasonic pancake pantera
panther panthers papa paradise paradox paris parola pascal pass passcode passion passphrase passwd password passwords
passwort patches patricia patrick patriot patriots paul paula pauline peace peaceful peaches peanut pearl pebbles
pedro pegasus pele penelope penguin pentium people pepper peppermint pepsi perfect person peru peter phantom philip
philippe philippines phillip phoenix photo piano pickle pickles picture pierre pikachu pilot pineapple pink pinkfloyd
pioneer pirate pirates pizza planet plasma platform platinum playboy player players playstation please pleasure pluto
point poison poiuyt poiuytrewq pokemon poland police polska pony poohbear pookie popcorn popeye porsche portland porto
portugal poseidon potato power powerful prague praise precious predator premium present presley preston pretty prime
prince princesa princess priscilla private professional program programmer project prophet protect protocol puma
pumpkin punk puppet puppies puppy purple puzzle python qazwsx qazwsxedc quality quantum queen quest question quick
qweasd qweasdzxc qwert qwerty qwertyuiop qwertz rabbit racecar racer rachel racing radio rafael raider raiders rain
rainbow rainy rambo ramona ramones random randy ranger rangers raphael raspberry rat raven ravens raymond reality
realmadrid rebecca rebel rebels record red redhot redneck redskins redsox reggae reload remember remote republic
rescue respect retired revenge revolution reward rex rhino rhythm ricardo rich richard ricky rider rihanna river road
robert roberto robin roblox robot rock rocket rocknroll rockstar rocky rodrigo roger roll rollingstones romain rome
romeo ronald ronaldo ronnie rooney rooster root rosario rose rosemary roses rover roxanne royal rubber ruben ruby
rudolf rugby runner running russell russia russian rusty ryan sabine sabrina sadie sailing sailor sakura salasana
sally salvador samantha sample samson samsung samuel samurai sandiego sandra sanfrancisco sapphire sarah sasha sasuke
satan saturday saturn sauron sausage savage savannah savior saviour saxophone scarlet school science scooby scoobydoo
scooter scorpion scotland scott scottish scout scratch sean search season seattle sebastian secret secretagent secrets
secure security select senha senior sentinel september sergio server service sesame seven sex sexy sexygirl shadow
shadows shakira shannon shaq shark sharks sharon sharp shelby shelter sheriff shine shirley shit shiva shooter short
sierra sigma signal signin silent silver silverado simba simon simone simple simpson simpsons singer singing single
sister skate skateboard skater skating skinny skippy skull sky skyler skyline skywalker slayer sleep slick slipknot
slytherin smart smile smiles smiley smokey smooth snake snapper snickers sniper snoopdogg snoopy snow snowball
snowboard snowflake snowman snuggles soccer social socks sofia softball software soldier soldiers solution someone
something song songs sonic sophie southern space spaceman spain sparky spartan spartans spears special spectrum speed
speedy spencer spider spiderman spike spirit splash sport sports spot spring spurs spy standard stanley star starcraft
stardust starlight stars startrek starwars station stealth steel steelers stella stephanie stephen steve steven stinky
stone storm stormy strange strawberry street strike strong stuart student students studio style subaru sublime success
sucker suckit sugar suicide summer sun sunday sunflower sunny sunshine super superman supernova superstar supreme
surfer surfing survivor susan suzuki sweden sweet sweetheart sweetie swimmer swimming switch sydney sylvia sylvie
symbol syndicate system tails tamara tango tanya target tatiana tattoo taylor taz teacher teamo technics techno teddy
teddybear telecom telephone temp temple temporary tennis tequiero tequila teresa terminator test tester testing tetris
texas thailand theater theodore theresa thierry thomas thor thought thousand thug thunder thursday ticket tiffany
tiger tigers tigger timber time timothy tina tinker tinkerbell titan titanic titans toad toby todd together token
tokens tokyo tomato tomcat tommy tomorrow tony toor topgun tornado toronto total tottenham toxic toyota tracy trader
traffic trans transfer travel travis treasure trevor triangle trinity triple trixie trouble truck trucker truelove
trumpet trust trustno trustnoone truth tucker tuesday tulip tupac turbo turkey turkish turquoise turtle twilight
twister twitter tyler tyson ukraine ultimate ultra unicorn united universe university unknown upgrade uranus ursula
user username utopia valentin valentina valeria valerie valley vampire vancouver vanessa vanilla vector vegas vegeta
velocity venezuela venom venture venus veronica version victor victoria victory video vienna vietnam viking vikings
villa village vincent vintage violet violin viper virgin virginia virtual vision vivian vodka volcano voldemort
volleyball volvo voyager wachtwoord walter wanda wanted warcraft warlock warning warren warrior warriors warsaw water
wealth weather wednesday welcome wendy western whale whatever whatsup whiskey whisper white whitney wicked wife
wiggles wildcat wildcats wildlife wildman william willkommen wilson window windows wine winner winnie winston winter
wireless wisdom witch wizard wolf wolfpack wolverine wolves wonder wonderful wonderland woodstock woody work worker
world worldcup wrestler wrestling wsxedc xavier xbox xxx xyz xyzzy yadayada yamaha yankees yellow yesterday yoda yogi
yolanda young yourpassword youtube yvette yvonne zachary zaqwsx zaqxsw zealand zelda zenith zeppelin zero zeus zidane
ziggy zipper zodiac zombie zorro zulu zxcv zxcvb zxcvbn zxcvbnm
`
    .trim()
    .split(/\s+/),
);

export const passwordLengthMin = 10;
export const passwordLengthMax = 200;
/** Letters that have to be left once runs, repeats and rows of the keyboard count as one. */
const surprisingMin = 6;
const differentMin = 5;
/** Parts of a person's own name or address shorter than this are in too many words to refuse. */
const ownPartMin = 4;

const productNames = ["comptoir"];
const rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm"];
const columns = ["1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm"];
const neighbours: ReadonlySet<string> = new Set([...rows, ...columns].flatMap(pairs));

/** What is wrong with a password, in a sentence for the person choosing it, or nothing. `own` is what others know of them. */
export function passwordProblem(password: string, own: readonly string[] = []): string | undefined {
  const length = [...password].length;
  if (length < passwordLengthMin) return `Use at least ${passwordLengthMin} characters.`;
  if (password.length > passwordLengthMax) return `Use at most ${passwordLengthMax} characters.`;
  const plain = password.normalize("NFKC").toLowerCase();
  if (containsOwn(plain, [...own, ...productNames])) {
    return "This contains your name, your address or the product's name. Choose something nobody can look up.";
  }
  if (isTrivial(plain))
    return "This repeats itself or follows the keyboard. Choose a longer mix, or four unrelated words.";
  if (isCommon(plain))
    return "This is among the passwords that are tried first. Choose four unrelated words, for example.";
  return undefined;
}

function containsOwn(plain: string, own: readonly string[]): boolean {
  const parts = own.flatMap(
    (text) =>
      text
        .toLowerCase()
        .split("@")[0]
        ?.split(/[^\p{L}\p{N}]+/u) ?? [],
  );
  const variants = [plain, unleet(plain)];
  return parts.some((part) => [...part].length >= ownPartMin && variants.some((variant) => variant.includes(part)));
}

function isTrivial(plain: string): boolean {
  if (new Set(plain).size < differentMin) return true;
  return surprising(period(plain)) < surprisingMin;
}

/** The part that repeats to make the whole, or the whole. */
function period(text: string): string {
  const again = (text + text).indexOf(text, 1);
  return text.slice(0, again);
}

/** How many letters do not simply continue the one before: the same again, the next in the alphabet or on the keyboard. */
function surprising(text: string): number {
  const letters = [...text];
  return letters.filter((letter, i) => i === 0 || !continues(letters[i - 1] ?? "", letter)).length;
}

function continues(before: string, letter: string): boolean {
  const step = (letter.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
  return Math.abs(step) <= 1 || neighbours.has(before + letter) || before + letter === "90" || before + letter === "09";
}

function pairs(row: string): string[] {
  const steps = [...row].slice(1).map((letter, i) => (row[i] ?? "") + letter);
  return steps.flatMap((step) => [step, [...step].reverse().join("")]);
}

/** A common word, or two, whatever digits and signs stand around it and however it is spelled with digits. */
function isCommon(plain: string): boolean {
  const bare = plain.replace(/[\s._-]+/g, "");
  return [bare, unleet(bare)].some((text) => isWords(period(strip(text))) || isWords(period(unleet(strip(text)))));
}

const strip = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");

function isWords(text: string): boolean {
  if (text.length < 3 || commonWords.has(text)) return true;
  for (let cut = 3; cut <= text.length - 3; cut++) {
    if (commonWords.has(text.slice(0, cut)) && commonWords.has(text.slice(cut))) return true;
  }
  return false;
}

const leet: Readonly<Record<string, string>> = {
  0: "o",
  1: "i",
  3: "e",
  4: "a",
  5: "s",
  7: "t",
  8: "b",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
};
const unleet = (text: string): string => text.replace(/[0134578@$!|]/g, (sign) => leet[sign] ?? sign);
