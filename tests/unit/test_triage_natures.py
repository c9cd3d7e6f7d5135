"""Call-type strings of any center, however written, name the kind of call and decide nothing that they leave open."""

import pytest

from models.assessment import Assertion, DangerName, Indicator
from triage.assess import assess
from triage.datafiles import LEXICON, read
from triage.natures import UNTYPED, common_type, read_nature

#: APCO 2.103.2-2019 as NIEM's code list apco:IncidentCategoryCode carries it.
CODES = """
911H 911OPN ABDOM ABDUCTF ABDUCTNF ABUSE ACCIND ADMIN AIR ALIEN ALLERGIC ALRBA ALRBOX ALRBS ALRCO
ALRCO2 ALRDEFIB ALRF ALRGAS ALRHEAT ALRKPAD ALRMED ALRNGAS ALRPANA ALRPANS ALRPROPN ALRPULL ALRROBA
ALRROBS ALRU ALRVEH ALRWTR ALS ANIMAL ASSAULT ASSIST ATL BACK BARICADE BIO BITE BLDCLPSE BLEEDING
BLS BOMB BRGCLPSE BURGLARY BURN CARDIAC CARJACK CHEMICAL CHESPAIN CHOKE CITASST CIVDIS CIVIL CNTRFT
CRIMPS CRIMTRAF CURFEW DEATH DEATHNTF DIABETIC DISORD DISVEH DROWN DRUGPAR DRUGS DUI DVA DVNA EDP
ELEC ELECHZD ELUDING ENTRAP ESCAPE EXPLOS EXPOSURE EXTORT EYE FAIRC FALL FAPT FARSON FBRUSH FELEC
FFUEL FIGHT FIREWRKS FMARINE FORCENTR FOTHER FRAUD FREPORT FSMOKE FSTRU FTRAILER FTRAIN FTRASH
FTRUCK FUNK FVEH GASLEAK HARR HAZMAT HEADACHE HEMRG HOMICIDE HOSTAGE INDECENT INFO INTERNET INTOX
INVEST LARCENY LIQUOR MAJORINC MAYDAY MCI MISBOATR MISCON MVA MVAHR MVAINJY MVAUNK NEGLECT NOISE OD
ODOR OPEN ORDERV PANDEMIC PARKING PERFND PERMISS PERSUSP PERUNCON PERWANT PHANDLE PREG PROPFND
PROPLOST PROPSTLN PUBWKS PURSUIT RADIAT RECKDRV REPO RESCUE RESIST RESP RESPARR ROBBERY RUNAWAY SAR
SEIZURE SEXOFFNS SHOOT SHOPLIFT SICK SMOKING STABBING STDBY STROKE SUBJSTP SUICIDE SUICTHRT SUSP
TERROR THAZ THREATS TOW TRAIN TRAINDRL TRANSFER TRAUMA TRAUMAP TRESPASS TROUBLE TRUANT TSTOP VANDAL
VEHABND VEHASST VEHLOCK VEHREC VEHSTLN VEHSUSP VICE WARRANT WATER WEAPON WELFARE WILDLIFE WIRES
XTRACATE
"""


def test_every_type_is_a_code_of_the_standard() -> None:
    used = {code for entry in read(LEXICON / "natures.toml")["nature"] for code in entry["types"]}
    assert used - {UNTYPED} <= set(CODES.split())


@pytest.mark.parametrize(
    ("nature", "code"),
    [
        ("46 - CIT", "EDP"),
        ("46A - CIT W/AMBULANCE", "EDP"),
        ("5150", "EDP"),
        ("MENTAL HLTH CRISIS", "EDP"),
        ("PSYCH EVAL", "EDP"),
        ("Disturbance - Mental", "EDP"),
        ("MENTAL VIOLENT NOT ARMED", "EDP"),
        ("CHKWEL", "WELFARE"),
        ("WELFAR CK", "WELFARE"),
        ("welfare check", "WELFARE"),
        ("WLFR CHK", "WELFARE"),
        ("ONE DOWN OR OVER THE WHEEL", "WELFARE"),
        ("SUSP PER", "PERSUSP"),
        ("Suspicious Per.", "PERSUSP"),
        ("PERS SUSPICIOUS", "PERSUSP"),
        ("SUSP VEH", "VEHSUSP"),
        ("UNK TRBL", "TROUBLE"),
        ("Unk. Problem", "TROUBLE"),
        ("MEDICL AID", "SICK"),
        ("DOMESTIC VIO IP", "DVA"),
        ("DV VERBAL NO ASSAULT", "DVNA"),
        ("TRAFFIC VIO", "CRIMTRAF"),
        ("911HU", "911H"),
        ("9-1-1 ABANDON", "911H"),
        ("DRUNK DRIVER", "DUI"),
        ("PUBLIC INTOXICA", "INTOX"),
        ("647(F)", "INTOX"),
        ("ALARM - MEDICAL", "ALRMED"),
        ("BURG ALARM", "ALRBA"),
        ("COLL NON INJ", "MVA"),
        ("INJURY CRASH", "MVAINJY"),
        ("Animal Welfare Check", "ANIMAL"),
        ("DEAD ANIMAL P/U", "ANIMAL"),
        ("THEFT OF FIREARM", "LARCENY"),
        ("THEFT OF PROP (AUTO ACC) <$100", "LARCENY"),
        ("INJURED PERSON- PUBLIC PROPERTY", "TRAUMA"),
        ("PERSONA DESAPARECIDA", "PERMISS"),
        ("VIOLENCIA DOMESTICA", "DVA"),
    ],
)
def test_a_string_has_its_common_type_however_it_is_written(nature: str, code: str) -> None:
    assert common_type(nature) == code


@pytest.mark.parametrize("nature", ["", "   ", "ZXQJ", "7 9 11", "10-96", "46", "SIGNAL 20", "HOME", "OVER"])
def test_what_names_no_kind_has_no_type(nature: str) -> None:
    assert common_type(nature) is None


@pytest.mark.parametrize("nature", ["10-96", "46", "918", "SIGNAL 20"])
def test_a_code_of_many_meanings_decides_nothing_alone(nature: str) -> None:
    found = assess("", nature)
    assert not found.flag
    assert all(each.probability < 0.5 for each in found.indicators.values())


def test_a_cut_word_of_many_meanings_names_nothing_alone() -> None:
    assert common_type("TRAN") is None


def test_a_mental_call_is_flagged_but_the_text_tells_which_need() -> None:
    found = assess("HEARING VOICES IN THE WALL", "46 - CIT")
    assert found.flag_reason == "NATURE_MENTAL_HEALTH"
    assert found.indicators[Indicator.PSYCHOSIS].probability >= 0.5
    assert found.indicators[Indicator.ERRATIC_BEHAVIOR].probability < 0.5


@pytest.mark.parametrize(
    ("nature", "danger", "assertion"),
    [
        ("ASSAULT IP", DangerName.VIOLENCE, Assertion.AFFIRMED),
        ("ASSAULT REPORT", DangerName.VIOLENCE, Assertion.HISTORICAL),
        ("SHOTS HEARD", DangerName.VIOLENCE, Assertion.UNKNOWN),
        ("SUSP PER W/ GUN", DangerName.WEAPON, Assertion.AFFIRMED),
        ("WEAPON OFFENSE", DangerName.WEAPON, Assertion.UNKNOWN),
        ("STRUCTURE FIRE", DangerName.HAZARD, Assertion.AFFIRMED),
        ("SMOKE INVEST", DangerName.HAZARD, Assertion.UNKNOWN),
    ],
)
def test_a_danger_stands_as_the_string_tells_it(
    nature: str, danger: DangerName, assertion: Assertion
) -> None:
    assert assess("", nature).dangers[danger].assertion is assertion


@pytest.mark.parametrize(
    "nature", ["FIRE ALARM", "MENTAL NOT ARMED", "LOST WEAPON PERMIT", "BB GUN", "ALARM PANIC"]
)
def test_a_name_that_holds_a_danger_is_none(nature: str) -> None:
    standing = {each.assertion for each in assess("", nature).dangers.values()}
    assert Assertion.AFFIRMED not in standing


def test_a_drunk_driver_is_told_and_not_flagged() -> None:
    found = assess("SWERVING ALL OVER THE LANES", "DUI")
    assert found.indicators[Indicator.SUBSTANCE].probability >= 0.5
    assert not found.flag


def test_mentions_point_at_the_words_of_the_string() -> None:
    nature = "06 - WELFAR CK /EMS"
    (mention,) = (
        each.mention for each in read_nature(nature).found if each.mention.concept == "welfare_concern"
    )
    assert nature[mention.start : mention.end] == "WELFAR CK"
    assert mention.entry == -1


def test_a_flood_in_the_place_of_a_call_type_is_read_no_further_than_a_call_type_goes() -> None:
    assert common_type("A" * 100_000 + " SUICIDE THREAT") == "SUICTHRT"
    assert common_type("zzz " * 1000 + "SUICIDE THREAT") is None
