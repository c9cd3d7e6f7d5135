/** Who is signed in, and which views that role has. */
import { get, post, remove } from "../http";
import type { View } from "../state/keys";
import type { Problem, Role, User } from "../wire";

const VIEWS: Record<Role, readonly View[]> = {
  clinician: ["clinician", "dispatcher"],
  dispatcher: ["dispatcher"],
  supervisor: ["clinician", "dispatcher", "manager"],
  manager: ["manager"],
  admin: ["clinician", "dispatcher", "manager"],
  integrator: [],
};

const DISPATCHES: readonly Role[] = ["dispatcher", "supervisor"];
const REVIEWS: readonly Role[] = ["clinician", "supervisor"];

class Session {
  user = $state.raw<User | null>(null);
  known = $state(false); // the service has been asked once

  get views(): readonly View[] {
    return this.user ? VIEWS[this.user.role] : [];
  }
  get dispatches(): boolean {
    return this.user !== null && DISPATCHES.includes(this.user.role);
  }
  get reviews(): boolean {
    return this.user !== null && REVIEWS.includes(this.user.role);
  }

  async ask(): Promise<void> {
    const answer = await get<{ user: User }>("/v1/session");
    this.user = answer.ok ? answer.data.user : null;
    this.known = true;
  }

  async signIn(username: string, password: string, center: string): Promise<Problem | null> {
    const body = { username, password, ...(center ? { center } : {}) };
    const answer = await post<{ user: User }>("/v1/session", body);
    if (!answer.ok) return answer.problem;
    this.user = answer.data.user;
    return null;
  }

  async signOut(): Promise<void> {
    await remove("/v1/session");
    location.assign("/"); // a fresh page: nothing of the last person's calls stays in memory
  }
}

export const session = new Session();
