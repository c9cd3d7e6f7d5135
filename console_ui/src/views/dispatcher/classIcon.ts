/** The drawing of a family of responders. */
import { phone, shield, siren, stethoscope, users } from "../../kit/icons";
import type { UnitClass } from "../../state/units";

export const CLASS_ICON: Record<UnitClass, string> = {
  clinician: stethoscope,
  police: shield,
  ems: siren,
  phone,
  other: users,
};
