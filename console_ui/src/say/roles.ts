/** Names of roles. */
import { m } from "../paraglide/messages.js";
import { say } from "./plain";

const ROLES = {
  clinician: m.role_clinician,
  dispatcher: m.role_dispatcher,
  supervisor: m.role_supervisor,
  manager: m.role_manager,
  admin: m.role_admin,
  integrator: m.role_integrator,
};
export const roleName = (role: string): string => say(ROLES, role);
