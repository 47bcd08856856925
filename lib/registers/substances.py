"""The name under which one substance meets itself: other register, other language, other salt.

Canada writes ``Amlodipine (amlodipine besylate)``, France ``BÉSILATE D'AMLODIPINE``, the ANSM ``amlodipine``; Canada
writes ``Acetaminophen``, the rest of the world paracetamol. A check of interactions or allergies that compares the
written names compares nothing.

How it works: the parenthesis that repeats the substance with its salt goes; words are brought to one spelling
(``ph`` and ``f``, ``th`` and ``t``, ``y`` and ``i``, single letters for double ones, no final ``e``); then salts,
hydrates, esters and states go as long as something is left; what is left is sorted, and a name known under another one
takes that one. Minerals, of which nothing would be left, keep both halves: ``sodium chloride`` is no ``sodium
bicarbonate``. Some minerals are what matters, whatever they are bound to: lithium, iron, zinc, calcium.

Sources of the other names: WHO, International Nonproprietary Names (INN), and the names of BAN and USAN that differ
from it; the spellings of the Drug Product Database, the Base de données publique des médicaments and the ANSM.

>>> substance_key("AMOXICILLIN (AMOXICILLIN TRIHYDRATE)") == substance_key("Amoxicilline trihydratée")
True
>>> substance_key("Acetaminophen"), substance_key("PARACÉTAMOL")
('paracetamol', 'paracetamol')
>>> substance_key("Acide valproïque") == substance_key("VALPROATE DE SODIUM") == substance_key("Divalproex sodium")
True
>>> substance_key("CHLORURE DE SODIUM"), substance_key("sodium (chlorure de)"), substance_key("SODIUM BICARBONATE")
('clorid sodium', 'clorid sodium', 'bicarbonat sodium')
"""

import re
from functools import lru_cache
from types import MappingProxyType

from ..text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One spelling: the first that is found is written as the second, in this order.
_SPELLINGS = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("sch", "sc"),
    ("ch", "c"),
    ("ae", "e"),
    ("oe", "e"),
    ("y", "i"),
    ("k", "c"),
    ("w", "v"),
)
_DOUBLE = re.compile(r"([a-z])\1+")
_ROMAN = re.compile(r"[ivx]+")
_ENDINGS = (("iques", "ic"), ("ique", "ic"), ("iqu", "ic"), ("ees", "e"), ("ee", "e"))

# Words that name nothing: articles, prepositions, what is said of a preparation.
_EMPTY = (
    "de d du des l le la les of the au aux en et and as in for pour from par sous base anhydrous anhydre anhydra "
    "element elementaire elemental micronise micronized micronised purifie purified activated active "
    "concentrate concentre concentree solution poudre powder sel sels salt salts forme form oral dried sterile "
    "hydrate hydrated monohydrate dihydrate trihydrate tetrahydrate pentahydrate hexahydrate heptahydrate octahydrate "
    "hemihydrate sesquihydrate hydratee monohydratee dihydratee trihydratee tetrahydratee pentahydratee hexahydratee "
    "heptahydratee hemihydratee sesquihydratee hemipentahydrate hemipentahydratee decahydrate dodecahydrate "
    "live vivant attenuated attenue resin resine biosynthetic biosynthetique hemisynthetique biphasic biphasique "
    "crystalline cristalline origin origine synthetic synthetique liquid liquide solid solide "
    "light leger legere neutral neutre pulverulente "
    "non isoforme racemique racemic recombinant recombinante recombine humain humaine human"
)
# What a molecule is bound to, as long as the molecule is left.
_SALTS = (
    "hydrochloride dihydrochloride chlorhydrate dichlorhydrate monochlorhydrate monohydrochloride hydrobromide "
    "bromhydrate dihydrobromide dibromhydrate hydriodide iodhydrate hydrogen acid hydrogenosulfate hydrogenosuccinate "
    "hydrogenofumarate hydrogenomaleate hydrogenotartrate sulfate sulphate bisulfate bisulphate hemisulfate "
    "hydrogensulfate disulfate persulfate phosphate diphosphate biphosphate dihydrogenophosphate "
    "nitrate maleate dimaleate hydrogenmaleate malate fumarate hemifumarate difumarate tartrate bitartrate ditartrate "
    "hydrogentartrate citrate dihydrogencitrate dihydrogenocitrate succinate hemisuccinate acetate diacetate "
    "triacetate trifluoroacetate lactate "
    "gluconate digluconate benzoate oxalate pamoate embonate edisylate edisilate napsylate napsilate estolate "
    "stearate palmitate propionate dipropionate valerate valerianate butyrate furoate caproate hexanoate enanthate "
    "enantate decanoate undecanoate undecylenate pivalate mesylate mesilate dimesylate dimesilate besylate besilate "
    "tosylate tosilate ditosylate ditosilate methylsulfate metilsulfate methylsulphate esylate esilate isethionate "
    "isetionate camsylate camsilate saccharate aspartate glutamate orotate hybenzate tannate "
    "theoclate teoclate resinate polistirex pidolate xinafoate hydroxynaphthoate bromide bromure chloride chlorure "
    "iodide iodure carbonate erbumine terbutylamine tert butylamine arginine lysine lysinate tromethamine trometamol "
    "trometamine diethylamine diethylammonium epolamine diolamine olamine ethanolamine meglumine choline "
    "benzathine diethanolamine medoxomil axetil proxetil pivoxil cilexetil disoproxil "
    "alafenamide etexilate mofetil marboxil medocaril fosamil acetonide hexacetonide sulfonate ester ethyl "
    "betadex clathrate camphosulfonate dipivoxil glycolate hemitartrate methanesulfonate trifenatate "
    "metasulfobenzoate pegol silicate solvate ethanolate propylene glycol propyleneglycol butylbromide "
    "butylbromure mepesulfate hyclate monosodium disodium trisodium sodique disodique monosodique trisodique "
    "bisodique potassique dipotassique calcique magnesique zincique lithique ammonique ammonium "
    "dipotassium monopotassium"
)
# Minerals something is bound to: dropped beside a molecule, never alone.
_MINERALS = "sodium potassium calcium magnesium zinc aluminium"
# Minerals that are what matters: whatever they are bound to, and beside nothing but a salt.
_ALWAYS_ACTING = "lithium iron strontium"
_ACTING_ALONE = "zinc calcium lysine arginine choline"
_BOUND_ONLY = (
    "oxide oxyde dioxide dioxyde peroxide peroxyde hydroxide hydroxyde bicarbonate hydrogencarbonate fluoride fluorure "
    "monobasic dibasic tribasic monobasique dibasique tribasique glycerophosphate sulfide sulfure trisilicate"
)
# Elements whose names the two languages do not share, and what is one thing under several names. First the name kept.
_SAME_WORDS = (
    ("iron", "fer ferrous ferreux ferric ferrique ferrum"),
    ("copper", "cuivre cupric cuivrique cuprique"),
    ("silver", "argent"),
    ("gold", "or"),
    ("sulfur", "soufre sulphur"),
    ("tin", "etain stannous stanneux"),
    ("iodine", "iode"),
    ("oxygen", "oxygene"),
    ("nitrogen", "azote"),
    ("mercury", "mercure"),
    ("potassium", "kalium"),
    ("sodium", "natrium"),
    ("aluminium", "aluminum"),
    ("hydrochloride", "chlorhydrate"),
    ("hydrobromide", "bromhydrate"),
    ("chloride", "chlorure"),
    ("bromide", "bromure"),
    ("iodide", "iodure"),
    ("fluoride", "fluorure"),
    ("oxide", "oxyde"),
    ("dioxide", "dioxyde"),
    ("peroxide", "peroxyde"),
    ("hydroxide", "hydroxyde"),
    ("bicarbonate", "hydrogencarbonate hydrogenocarbonate"),
    ("acid", "acide acidum"),
    ("alcohol", "alcool ethanol"),
    ("water", "eau aqua"),
    ("oil", "huile"),
    ("castor", "ricin"),
    ("vaccine", "vaccin"),
    ("factor", "facteur"),
    ("toxin", "toxine"),
    ("botulinum", "botulique botulinique botulinic"),
    ("charcoal", "charbon"),
    ("alfa", "alpha"),
    ("tar", "goudron"),
    ("coal", "houille"),
    ("ester", "esters"),
)
# One substance, several names: INN first, then USAN, BAN, French names, brands that became words.
_SAME_SUBSTANCE = """
acenocoumarol: nicoumalone
acetylcysteine: n acetylcysteine, n acetyl l cysteine
acetylsalicylic acid: aspirin, asa
alimemazine: trimeprazine
amfetamine: mixed salts amphetamine
aminosalicylic acid: p a s, para aminosalicylic acid
amobarbital: amylobarbitone
arsenic trioxide: arsenieux
ascorbic acid: vitamin c
bendroflumethiazide: bendrofluazide
benzatropine: benztropine
benzylpenicillin: penicillin g
biotin: vitamin b8, vitamin h
botulinum toxin: botulinum, botulinum toxin type a, onabotulinumtoxina, abobotulinumtoxina
bupropion: amfebutamone
calcitonin: calcitonine de saumon, calcitonin salmon, salcatonin, calcitonine salmine synthetique
camphor: camphre
cannabidiol: cbd
carbocisteine: s carboxymethylcysteine
chenodeoxycholic acid: chenodiol, acide chenodesoxycholique
chlormethine: mechlorethamine
chlorphenamine: chlorpheniramine
choriogonadotropin: chorionic gonadotropin, gonadotrophine chorionique
cinchocaine: dibucaine
codeine: methylmorphine
colecalciferol: vitamin d3, vitamin d
colistin: colistimethate
conjugated estrogens: estrogenes conjugues, estrogenes sulfoconjugues equins, conjugated estrogen
corticotropin: acth
cotrimoxazole: co trimoxazole
cyanocobalamin: vitamin b12
dactinomycin: actinomycin d
daunorubicin: rubidomycin
dexamfetamine: dextroamphetamine
dexchlorpheniramine: dexchlorphenamine
dextromethorphan: dextrometorfano
diamorphine: heroin
dosulepin: dothiepin
doxorubicin: adriamycin
dronabinol: delta 9 tetrahydrocannabinol, tetrahydrocannabinol, thc
epinephrine: adrenaline
ergocalciferol: vitamin d2
ergometrine: ergonovine
estradiol: beta estradiol, 17 beta estradiol
ethinylestradiol: ethinyl estradiol
fampridine: dalfampridine, fampridines, 4 aminopyridine
fluorouracil: 5 fluorouracil
folic acid: vitamin b9
folinic acid: leucovorin
formoterol: eformoterol
furosemide: frusemide
gamolenic acid: gamolenic
glibenclamide: glyburide
glucose: dextrose
glycerol: glycerine
glyceryl trinitrate: nitroglycerin, trinitrine, trinitroglycerin
glycopyrronium: glycopyrrolate
guaifenesin: glyceryl guaiacolate
heparin: unfractionated heparin, heparine non fractionnee
hydrochlorothiazide: hctz
hydrocortisone: cortisol
hydroquinidine: dihydroquinidine
hydroxycarbamide: hydroxyurea, hydroxyuree
hydroxyethyl starch: hydroxyethylamidon, hetastarch
hyoscine: scopolamine
hyoscine butylbromide: scopolamine butylbromide, butylscopolamine
influenza virus: virus de la grippe
interferon alfa: interferon alfa 2a, interferon alfa 2b
isoprenaline: isoproterenol
isosorbide mononitrate: isosorbide 5 mononitrate
isotretinoin: 13 cis retinoic acid
ispaghula: psyllium, plantago ovata
leuprorelin: leuprolide
levocarnitine: l carnitine
levofolinic acid: levoleucovorin
levomepromazine: methotrimeprazine
levothyroxine: thyroxine, thyroxines
lidocaine: lignocaine
liothyronine: triiodothyronine
liquorice: reglisse, licorice
macrogol: polyethylene glycol, peg, polyethylene glycol 3350, macrogol 3350, macrogol 4000, macrogol 400
measles virus: virus de la rougeole, rougeole
meclozine: meclizine
mecobalamin: methylcobalamin
menthol: levomenthol
mepyramine: pyrilamine
mercaptopurine: 6 mercaptopurine
mesalazine: mesalamine, 5 aminosalicylic acid, 5 asa
metacresol: m cresol
metamizole: dipyrone, noramidopyrine
methenamine: hexamine
methylergometrine: methylergonovine
methylthioninium: methylene blue, bleu de methylene
mitoxantrone: mitozantrone
moracizine: moricizine
mumps virus: virus des oreillons, oreillons
mycophenolic acid: mofetilmycophenolate
nicotinamide: niacinamide, vitamin b3, vitamine pp
nicotinic acid: niacin
nitroprusside: nitroprussiate, nitroferricyanide
norepinephrine: noradrenaline
norethisterone: norethindrone
orciprenaline: metaproterenol
oxybuprocaine: benoxinate
oxytetracycline: terramycin
paracetamol: acetaminophen
paraffin: mineral oil, huile de paraffine
peginterferon alfa 2a: peg interferon alfa 2a
pentobarbital: pentobarbitone
pericyazine: propericiazine
pethidine: meperidine
phenobarbital: phenobarbitone
phenoxymethylpenicillin: penicillin v
phenytoin: diphenylhydantoin
physostigmine: physostigmine salicylate
phytomenadione: phytonadione, vitamin k1
pipamperone: floropipamide
pizotifen: pizotyline
polystyrene sulfonate: catioresine sulfo sodique
potassium: potassium chloride, potassium gluconate
povidone iodine: polyvidone iodee, iodopovidone
proxymetacaine: proparacaine
pyridoxine: vitamin b6
retinol: vitamin a
riboflavin: vitamin b2
rifampicin: rifampin
rubella virus: virus rubeoleux, virus de la rubeole, rubeole
salbutamol: albuterol
senna: sene, sennosides, sennoside, sennosides b, sene de l inde, sennosides a and b
sodium cromoglicate: cromolyn
somatropin: growth hormone, somatotropin
st john s wort: millepertuis, hypericum perforatum, hypericum
sulfafurazole: sulfisoxazole
suxamethonium: succinylcholine
tetracaine: amethocaine
tetracosactide: cosyntropin, tetracosactrin
tetryzoline: tetrahydrozoline
thiamazole: methimazole
thiamine: vitamin b1
thiopental: thiopentone
tocopherol: vitamin e, alpha tocopherol, dl alpha tocopherol
torasemide: torsemide
tretinoin: all trans retinoic acid, retinoic acid
trihexyphenidyl: benzhexol
urea: uree
ursodeoxycholic acid: ursodiol, acide ursodesoxycholique
valproic acid: divalproex, divalproate, valproate semisodium
varicella virus: virus varicelle zona, virus de la varicelle, varicella zoster virus
vasopressin: argipressin
warfarin: coumadin
yellow fever virus: virus de la fievre jaune, fievre jaune
zidovudine: azt, azidothymidine
"""

_LAST_PARENTHESIS = re.compile(r"\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$")
_EXTRAPOLATED = re.compile(r"\s*[,(]?\s*\b(?:et|and), par extrapolation,.*$", re.IGNORECASE)
_HOMEOPATHIC = re.compile(r"\bpour preparations? homeopathiques?\b|\bhomeopathic\b")
# The letter of a vitamin is its name; elsewhere a letter is a preposition or says which way a molecule turns.
_VITAMIN = re.compile(r"\bvitamine?s? ([a-z]\d{0,2})\b")


def _spell(word: str) -> str:
    """Return a folded word in the one spelling."""
    previous = word if _ROMAN.fullmatch(word) else ""  # factor VII is not factor VIII
    while word != previous:  # each change may open the way for another
        previous, word = word, _respell(word)
    return word


def _respell(word: str) -> str:
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)] + kept
            break
    for written, kept in _SPELLINGS:
        word = word.replace(written, kept)
    word = _DOUBLE.sub(r"\1", word)
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def _spelled(text: str) -> frozenset[str]:
    return frozenset(_spell(word) for word in text.split())


_SAME = MappingProxyType({_spell(word): _spell(kept) for kept, words in _SAME_WORDS for word in words.split()})
_ACID = _spell("acid")
_NAMELESS = _spelled(_EMPTY)
_MINERAL = _spelled(_MINERALS)
_PARTNERS = _spelled(_SALTS) | _MINERAL | _spelled(_BOUND_ONLY)
_ALWAYS = _spelled(_ALWAYS_ACTING)
_ALONE = _spelled(_ACTING_ALONE)


def _tokens(text: str) -> list[str]:
    """Return the words of a name that mean something, spelled alike."""
    joined = _VITAMIN.sub(r"vitamin\1", fold(text))
    found = (_spell(word) for word in joined.split())
    return [word for word in (_SAME.get(word, word) for word in found) if word not in _NAMELESS]


def _as_salt(words: list[str]) -> list[str]:
    """Write an acid as its salt: ``acide valproïque`` as ``valproate``."""
    rest = [word for word in words if word != _ACID]
    if len(rest) == len(words) or not rest:
        return words
    return [word[:-2] + "at" if word.endswith("ic") and len(word) > 4 else word for word in rest]


def _without_salt(words: list[str]) -> list[str]:
    """Drop what the molecule is bound to. Of a mineral both halves stay, unless it acts by itself."""
    acting = [word for word in words if word in _ALWAYS]
    molecule = [word for word in words if word not in _PARTNERS]
    alone = [word for word in words if word in _ALONE]
    return acting or molecule or alone or words


def _normal(text: str) -> str:
    """Return the key of a name before its other names are looked at."""
    words = sorted(dict.fromkeys(_without_salt(_as_salt(_tokens(_outside(text))))))
    return " ".join(words)


def _outside(text: str) -> str:
    """Return a name without the parenthesis that says which salt: ``X (X hydrochloride)``, ``X (chlorhydrate de)``.

    A mineral needs its parenthesis, ``sodium (bicarbonate de)``, and so does an acid, ``valproïque (acide)``.
    """
    match = _LAST_PARENTHESIS.search(text)
    if not match:
        return text
    before, inside = _tokens(text[: match.start()]), _tokens(match[1])
    is_mineral = all(word in _PARTNERS for word in before)
    is_acid = _ACID in inside and all(word in _PARTNERS or word == _ACID for word in inside)
    return text if is_mineral or is_acid else text[: match.start()]


def _read_aliases() -> dict[str, str]:
    """Return the other names, as keys, with the key of the name that is kept."""
    aliases: dict[str, str] = {}
    for line in _SAME_SUBSTANCE.strip().splitlines():
        kept, _colon, others = line.partition(":")
        key = _normal(kept)
        aliases.update({_normal(name): key for name in others.split(",") if _normal(name) != key})
    return aliases


_ALIASES = MappingProxyType(_read_aliases())
_MARK = "homeopathic"
_MAX_LENGTH = 500


@lru_cache(maxsize=20_000)
def substance_key(name: str) -> str:
    """Return the normal form of the name of a substance, '' where there is no name.

    The form is for comparing, not for reading; a form is its own form. Salts and hydrates, the language and the
    habits of a country no longer matter; a homeopathic preparation never meets the substance it is named after.

    >>> substance_key("Warfarin sodium"), substance_key("WARFARINE SODIQUE")
    ('varfarin', 'varfarin')
    >>> substance_key("LITHIUM CARBONICUM POUR PRÉPARATIONS HOMÉOPATHIQUES")
    'homeopathic carbonicum litium'
    >>> substance_key("Vitamin B12") == substance_key("cyanocobalamine"), substance_key(" - ")
    (True, '')
    """
    text = _EXTRAPOLATED.sub("", name[:_MAX_LENGTH])
    folded = fold(text)
    if _HOMEOPATHIC.search(folded):
        rest = sorted(dict.fromkeys(_tokens(_HOMEOPATHIC.sub(" ", folded))))
        return " ".join([_MARK, *rest])
    key = _normal(text) or folded
    return _ALIASES.get(key, key)
