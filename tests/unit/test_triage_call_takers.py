"""Lines as call-takers write them, judged by the conventions of assertion before the engine read them."""

import pytest

from models.assessment import Access, Assertion, Assessment, DangerName, GateName, Indicator
from triage.assess import assess


def closed(text: str) -> set[str]:
    return {gate.name.value for gate in assess(text).gates}


def standing(found: Assessment, concept: str) -> Assertion | None:
    if concept in set(DangerName):
        danger = found.dangers.get(DangerName(concept))
        return danger.assertion if danger else None
    indicator = found.indicators.get(Indicator(concept))
    return indicator.assertion if indicator else None


# text, concept, how it stands
TOLD = [
    ("HI TWDS STEPFATHER, NO SI", "violence", "affirmed"),
    ("SI N HI N WPNS N", "weapon", "negated"),
    ("SI NEG HI NEG", "suicidal", "negated"),
    ("SI NO HI NO PLAN", "suicidal", "affirmed"),
    ("MALE W WPNS N OF STORE", "weapon", "affirmed"),
    ("PT IS NON VIOLENT AND NON COMBATIVE", "violence", "negated"),
    ("UNK SUS SLAPPED CASHIER", "violence", "affirmed"),
    ("UNK JUVS ATTACKED CLERK", "violence", "affirmed"),
    ("HAND IN POCKET LIKE HE HAS A GUN", "weapon", "unknown"),
    ("NO KNIFE, ITS A SCREWDRIVER", "weapon", "affirmed"),
    ("SUBJ SITTING NEXT TO A CROWBAR", "weapon", "affirmed"),
    ("ROCK IN EACH HAND", "weapon", "affirmed"),
    ("OFFICER SHOT", "violence", "affirmed"),
    ("SAID HE WOULD STAB ANYONE WHO COMES IN", "violence", "affirmed"),
    ("SAYS HE WILL SHOOT IF POLICE COME", "violence", "affirmed"),
    ("SWINGING A CHAIR AT NURSES", "violence", "affirmed"),
    ("SPIT AT RP", "violence", "affirmed"),
    ("TRIED TO RUN RP OVER", "violence", "affirmed"),
    ("LE DISPARARON A MI HERMANO", "violence", "affirmed"),
    ("TEEN BEING CHASED BY 2 MALES", "violence", "affirmed"),
    ("SUBJ 242'D A CUSTOMER", "violence", "affirmed"),
    ("PUNCHING THINGS IN LOBBY", "violence", "affirmed"),
    ("GF FOUND HIM HANGING", "suicidal", "affirmed"),
    ("GUN TO HEAD", "suicidal", "affirmed"),
    ("SUBJ THINKS FBI IS IN WALLS", "psychosis", "affirmed"),
    ("RP THINKS SUBJ IS DELUSIONAL", "psychosis", "unknown"),
    ("LEGS DANGLING OFF THE ROOF", "hazard", "affirmed"),
    ("FEMALE STANDING IN THE FAST LANE", "hazard", "affirmed"),
    ("PED STILL DOWN", "medical", "affirmed"),
    ("MALE IS DLOC", "medical", "affirmed"),
    ("COLD TO THE TOUCH", "medical", "affirmed"),
    ("BABY CHOKING", "medical", "affirmed"),
    ("UNK IF BREATHING", "medical", "unknown"),
    ("NO TIENE PULSO", "medical", "affirmed"),
    ("SE AVENTO DEL PUENTE", "suicidal", "affirmed"),
    ("SI LE LLAMAN A LA POLICIA SE MATA", "suicidal", "hypothetical"),
    ("CREO QUE TIENE UN CUCHILLO", "weapon", "unknown"),
    ("NO SE SI TIENE PISTOLA", "weapon", "unknown"),
    ("TIENE UNA PISTOLA DE JUGUETE", "weapon", "unknown"),
    ("EX ESPOSO AFUERA DE LA CASA AMENAZANDOLA", "violence", "affirmed"),
    ("ME QUIERE PEGAR", "violence", "affirmed"),
]


@pytest.mark.parametrize(("text", "concept", "expected"), TOLD)
def test_line_says_of_the_subject_what_a_dispatcher_reads(text: str, concept: str, expected: str) -> None:
    assert standing(assess(text), concept) == Assertion(expected)


NOT_TOLD = [
    ("WATER SHOOTING OUT OF A HYDRANT", "violence"),
    ("SEDAN ALMOST HIT RP IN CROSSWALK", "violence"),
    ("PARKED TRUCK GOT HIT OVERNIGHT", "violence"),
    ("GRASS FIRE THREATENING HOUSES", "violence"),
    ("EMP CHASING MALE W/ STOLEN ITEMS", "violence"),
    ("FEMALE KICKING HER SHOES OFF", "violence"),
    ("FRIEND SHOT A VIDEO OF IT", "violence"),
    ("THREW A BALL AT HIS DOG", "violence"),
    ("SAYS HE WILL FIGHT THE TICKET", "violence"),
    ("RP CHOKED UP ON PHONE", "violence"),
    ("MUSIC AND DRINKS ON 2ND FLOOR BALCONY", "hazard"),
    ("RPS TRUCK STALLED IN MIDDLE OF LANE", "hazard"),
    ("JUVS IN THE STREET PLAYING MUSIC", "child_risk"),
    ("SON IN THE BEDROOM CRYING", "child_risk"),
    ("DAUGHTER LEFT ON FOOT", "child_risk"),
    ("DAUGHTER LOCKED OUT, LOST HER KEYS", "child_risk"),
    ("CALLER PUT ON HOLD, MUSIC HEARD", "erratic_behavior"),
    ("WONT LEAVE AND WANTS A REFUND", "erratic_behavior"),
]


@pytest.mark.parametrize(("text", "concept"), NOT_TOLD)
def test_line_about_something_else_makes_nothing_of_it(text: str, concept: str) -> None:
    assert standing(assess(text), concept) in {None, Assertion.NEGATED}


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("NOT RESPONDING, LAYING ON GROUND", "G4"),
        ("KID DRANK CLEANING FLUID", "G4"),
        ("INHALED FUMES ON PURPOSE", "G4"),
        ("CAR RUNNING IN CLOSED GARAGE", "G4"),
        ("THREATENING TO BURN HOUSE DOWN W KIDS INSIDE", "G5"),
        ("THREATENING TO BURN HOUSE DOWN W KIDS INSIDE", "G7"),
        ("TRYING TO TAKE A BABY OUT OF A STROLLER", "G7"),
        ("3 KIDS INSIDE PARKED VEH", "G7"),
        ("THREW HIS KNIFE IN THE BUSHES", "G1"),
        ("MALE REACHING INTO HIS WAISTBAND, YELLING", "G2"),
        ("MALE PACING, POSS KNIFE", "G2"),
        ("EXBF OUTSIDE KICKING DOOR", "G3"),
        ("PLACED ON A DANGER TO SELF HOLD", "G11"),
        ("FEMALE DANCING AROUND IN MIDDLE OF HWY", "G10"),
    ],
)
def test_line_closes_the_gate_it_has_to(text: str, gate: str) -> None:
    assert gate in closed(text)


def test_a_finger_is_no_gun_but_may_be_a_threat() -> None:
    assert GateName.G1 not in closed("POINTED FINGER GUN AT RP")


@pytest.mark.parametrize(
    ("text", "risk"), [("RP IS WITH CPS", 2), ("RP IS WITH APS", 2), ("KIDS PRESENT", 2)]
)
def test_a_service_or_a_child_named_is_no_life_in_danger(text: str, risk: int) -> None:
    assert assess(text).risk == risk


@pytest.mark.parametrize(
    "text",
    [
        "LL CHANGED LOCKS, FAMILY ON SIDEWALK",
        "MALE ASLEEP AT BUS STOP, NO SHOES",
        "NEIGHBOR NOT SEEN X4 DAYS",
        "CLIENT HAVING MH BREAKDOWN",
        "FEMALE E T O H NEAR FOUNTAIN",
        "TRANSINETS SLEEPING BY DOOR",
    ],
)
def test_a_person_in_need_is_put_before_the_clinician(text: str) -> None:
    assert assess(text).flag


def test_a_weapon_on_the_couch_is_within_reach() -> None:
    weapon = assess("CALM. COOPERATIVE. GUN ON COUCH.").dangers[DangerName.WEAPON]
    assert weapon.access is Access.WITHIN_REACH
